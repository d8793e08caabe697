#include "base/timers.hpp"

#include <string>

#include <gtest/gtest.h>

namespace patchbay {
namespace {

class HandClock final : public Clock {
  public:
    Time now() override { return Time{ticks_}; }
    Ticks ticks() override { return ticks_; }
    void pass(Milliseconds time) { ticks_ += time; }

  private:
    Ticks ticks_{0};
};

TEST(Timers, RunInOrderOfTime) {
    HandClock clock;
    Timers timers(clock);
    std::string order;
    timers.after(Milliseconds{20}, [&] { order += 'b'; });
    timers.after(Milliseconds{10}, [&] { order += 'a'; });
    EXPECT_EQ(timers.next(), Ticks{10});
    clock.pass(Milliseconds{30});
    EXPECT_EQ(timers.run_due(), 2U);
    EXPECT_EQ(order, "ab");
    EXPECT_FALSE(timers.next());
}

TEST(Timers, CancelledOnesDoNotRun) {
    HandClock clock;
    Timers timers(clock);
    const auto id = timers.after(Milliseconds{10}, [] { FAIL(); });
    timers.cancel(id);
    timers.cancel(id);
    clock.pass(Milliseconds{30});
    EXPECT_EQ(timers.run_due(), 0U);
    EXPECT_EQ(timers.size(), 0U);
}

TEST(Timers, AnActionMaySetAndCancelOthers) {
    HandClock clock;
    Timers timers(clock);
    int ran = 0;
    TimerId victim = timers.after(Milliseconds{6}, [] { FAIL(); });
    timers.after(Milliseconds{5}, [&] {
        timers.cancel(victim);
        timers.after(Milliseconds{0}, [&] { ++ran; });
    });
    clock.pass(Milliseconds{10});
    timers.run_due();
    EXPECT_EQ(ran, 1);
}

}  // namespace
}  // namespace patchbay
