// Packets at the ports of legs that come and go on media threads.
#include "media/port_watch.hpp"

#include <memory>
#include <utility>

#include <gtest/gtest.h>

namespace patchbay::media {
namespace {

class Watched : public ::testing::Test {
  protected:
    std::unique_ptr<LegAudio> leg_with(PortPair ports) {
        return std::make_unique<LegAudio>(LegId{1}, std::move(ports), Sender(1, 1, 1),
                                          std::make_shared<LegCounts>());
    }
    std::unique_ptr<LegAudio> new_leg() { return leg_with(*pool.take(Moment{})); }
    void send(const LegAudio& leg, int above_rtp = 0) {
        const auto port = static_cast<std::uint16_t>(leg.ports.port + above_rtp);
        const Address to = Address::parse({"127.0.0.1", port}).value();
        sendto(sender.get(), "x", 1, 0, to.data(), to.size());
    }
    static void read(const Descriptor& socket) {
        char byte = 0;
        EXPECT_EQ(recv(socket.get(), &byte, 1, MSG_DONTWAIT), 1);
    }
    /// Whose packet waits; none when none does.
    static const LegAudio* heard(PortWatch& watch) {
        const auto events = watch.wait(0);
        EXPECT_LE(events.size(), 1U);
        return events.empty() ? nullptr : watch.place(events.front()).leg;
    }

    PortPool pool{"127.0.0.1", 32500, 32599, 0};
    const Descriptor sender{socket(AF_INET, SOCK_DGRAM, 0)};
    const Descriptor mailbox = make_event(), other_mailbox = make_event();
    PortWatch watch{mailbox.get()}, other{other_mailbox.get()};
};

TEST_F(Watched, packets_are_told_with_their_leg_and_port) {
    const auto leg = new_leg();
    ASSERT_TRUE(watch.add(*leg));
    send(*leg);
    auto events = watch.wait(0);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(watch.place(events[0]).leg, leg.get());
    EXPECT_FALSE(watch.place(events[0]).rtcp);
    read(leg->ports.rtp);
    send(*leg, 1);
    events = watch.wait(0);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(watch.place(events[0]).leg, leg.get());
    EXPECT_TRUE(watch.place(events[0]).rtcp);
}

TEST_F(Watched, mail_is_no_packet) {
    signal_event(mailbox);
    const auto events = watch.wait(0);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_TRUE(watch.is_mail(events[0]));
    EXPECT_EQ(watch.place(events[0]).leg, nullptr);
}

TEST_F(Watched, ports_serve_the_next_leg) {
    auto first = new_leg();
    ASSERT_TRUE(watch.add(*first));
    watch.remove(*first);
    const auto second = leg_with(std::move(first->ports));
    ASSERT_TRUE(watch.add(*second));
    send(*second);
    EXPECT_EQ(heard(watch), second.get());
}

TEST_F(Watched, ports_of_nobody_are_told_of_once_and_serve_the_next_leg) {
    auto first = new_leg();
    ASSERT_TRUE(watch.add(*first));
    watch.remove(*first);
    send(*first);
    const auto events = watch.wait(0);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(watch.place(events[0]).leg, nullptr);
    watch.ignore(events[0]);
    EXPECT_TRUE(watch.wait(0).empty());
    const auto second = leg_with(std::move(first->ports));
    ASSERT_TRUE(watch.add(*second));
    EXPECT_EQ(heard(watch), second.get());
}

TEST_F(Watched, ports_go_with_a_leg_to_another_thread) {
    const auto leg = new_leg();
    ASSERT_TRUE(watch.add(*leg));
    watch.give_up(*leg);
    ASSERT_TRUE(other.add(*leg));
    send(*leg);
    EXPECT_TRUE(watch.wait(0).empty());
    EXPECT_EQ(heard(other), leg.get());
}

TEST_F(Watched, ports_go_through_the_pool_to_another_thread_and_back) {
    auto first = new_leg();
    ASSERT_TRUE(watch.add(*first));
    watch.remove(*first);
    auto second = leg_with(std::move(first->ports));
    ASSERT_TRUE(other.add(*second));
    send(*second);
    EXPECT_TRUE(watch.wait(0).empty());
    EXPECT_EQ(heard(other), second.get());
    read(second->ports.rtp);
    other.remove(*second);
    const auto third = leg_with(std::move(second->ports));
    ASSERT_TRUE(watch.add(*third));
    send(*third);
    EXPECT_TRUE(other.wait(0).empty());
    EXPECT_EQ(heard(watch), third.get());
}

TEST_F(Watched, ports_that_were_closed_leave_their_numbers_to_others) {
    auto first = new_leg();
    ASSERT_TRUE(watch.add(*first));
    const int number = first->ports.rtp.get();
    watch.remove(*first);
    pool.give_back(std::move(first->ports), Moment{});
    pool.trim(Moment{} + std::chrono::hours(1));
    const auto second = new_leg();
    EXPECT_EQ(second->ports.rtp.get(), number);
    ASSERT_TRUE(watch.add(*second));
    send(*second);
    EXPECT_EQ(heard(watch), second.get());
}

}  // namespace
}  // namespace patchbay::media
