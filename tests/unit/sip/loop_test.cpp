#include "sip/loop.hpp"

#include <gtest/gtest.h>
#include <sofia-sip/su_wait.h>

#include "base/descriptor.hpp"
#include "manual_clock.hpp"

namespace patchbay::sip {
namespace {

/// Something Sofia reads, as it reads its sockets: one message a call.
class Source {
  public:
    explicit Source(Loop& loop) : root_(loop.root()) {
        su_wait_create(wait_, event_.get(), SU_WAIT_IN);
        index_ = su_root_register(root_, wait_, take, reinterpret_cast<su_wakeup_arg_t*>(this), 0);
    }
    ~Source() { su_root_deregister(root_, index_); }
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    void send(int messages) {
        waiting_ += messages;
        signal_event(event_);
    }
    int taken() const { return taken_; }

  private:
    static int take(su_root_magic_t*, su_wait_t*, su_wakeup_arg_t* arg) {
        auto& source = *reinterpret_cast<Source*>(arg);
        ++source.taken_;
        if (--source.waiting_ == 0) clear_event(source.event_);
        return 0;
    }

    su_root_t* root_;
    Descriptor event_ = make_event();
    su_wait_t wait_[1] = {};
    int index_ = 0, waiting_ = 0, taken_ = 0;
};

TEST(Loop, HandsSofiaAllThatWaitsInOneTurn) {
    Loop loop;
    Source source(loop);
    source.send(5);
    loop.step(Milliseconds{1000});
    EXPECT_EQ(source.taken(), 5);
}

TEST(Loop, FloodOfMessagesKeepsNoCommandWaiting) {
    Loop loop;
    ManualClock clock;
    Timers timers(clock);
    loop.drive(timers, clock);
    Source source(loop);
    const auto command = make_event();
    int heard = 0;
    loop.watch(command.get(), [&] { ++heard; });
    signal_event(command);
    source.send(1000);
    for (int turns = 1; turns <= 10; ++turns) {
        loop.step(Milliseconds{1000});
        clock.advance(Milliseconds{5});
        EXPECT_EQ(heard, turns);
    }
    EXPECT_LT(source.taken(), 1000);
    while (source.taken() < 1000) loop.step(Milliseconds{1000});
}

TEST(Loop, MessagesThatGatherAreHandled) {
    Loop loop;
    ManualClock clock;
    Timers timers(clock);
    loop.drive(timers, clock);
    Source source(loop);
    for (int i = 1; i <= 200; ++i) {
        source.send(1);
        loop.step(Milliseconds{1000});
        clock.advance(Milliseconds{i % 2});
        EXPECT_EQ(source.taken(), i);
    }
}

TEST(Loop, OwnTimersRunBetweenMessages) {
    Loop loop;
    ManualClock clock;
    Timers timers(clock);
    loop.drive(timers, clock);
    Source source(loop);
    int seen = -1;
    timers.after(Milliseconds{0}, [&] { seen = source.taken(); });
    source.send(5);
    loop.step(Milliseconds{1000});
    EXPECT_EQ(seen, 1);
}

TEST(Loop, ForgottenDescriptorIsNotTold) {
    Loop loop;
    const auto first = make_event(), second = make_event();
    int heard = 0;
    loop.watch(first.get(), [&] {
        ++heard;
        loop.forget(first.get());
        loop.forget(second.get());
    });
    loop.watch(second.get(), [&] { heard += 10; });
    signal_event(first);
    signal_event(second);
    loop.step(Milliseconds{0});
    loop.step(Milliseconds{0});
    EXPECT_EQ(heard, 1);
}

TEST(Loop, StopEndsRunAtOnce) {
    Loop loop;
    loop.stop();
    loop.run();
}

}  // namespace
}  // namespace patchbay::sip
