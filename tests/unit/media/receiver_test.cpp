#include "media/receiver.hpp"

#include <gtest/gtest.h>

namespace patchbay::media {
namespace {

using namespace std::chrono_literals;

constexpr Moment start{1000s};

class ReceiverStory : public ::testing::Test {
  protected:
    void take(std::uint16_t sequence, std::uint32_t ssrc = 7) {
        now += 20ms;
        timestamp += 160;
        receiver.take({.sequence = sequence, .timestamp = timestamp, .ssrc = ssrc}, now);
    }
    Receiver receiver;
    Moment now = start;
    std::uint32_t timestamp = 0;
};

TEST_F(ReceiverStory, even_stream_has_neither_loss_nor_jitter) {
    for (int i = 0; i < 100; ++i) take(static_cast<std::uint16_t>(65500 + i));
    const auto report = receiver.report(now);
    EXPECT_EQ(receiver.lost(), 0U);
    EXPECT_EQ(report.fraction_lost, 0);
    EXPECT_EQ(report.jitter, 0U);
    EXPECT_EQ(report.highest_sequence, 65599U);
    EXPECT_EQ(report.ssrc, 7U);
}

TEST_F(ReceiverStory, what_is_not_the_next_is_told_by_kind) {
    for (const int sequence : {1, 2, 4, 3, 4, 4, 5}) take(static_cast<std::uint16_t>(sequence));
    EXPECT_EQ(receiver.order().reordered, 1U);
    EXPECT_EQ(receiver.order().duplicate, 2U);
    EXPECT_EQ(receiver.order().jumps, 0U);
    take(6, 8);      // another stream
    take(20006, 8);  // far ahead
    take(7, 8);      // and far behind
    EXPECT_EQ(receiver.order().jumps, 3U);
}

TEST_F(ReceiverStory, fraction_lost_counts_from_the_last_report) {
    take(1);
    take(4);
    EXPECT_EQ(receiver.report(now).fraction_lost, 128);
    take(5);
    take(6);
    const auto second = receiver.report(now);
    EXPECT_EQ(second.fraction_lost, 0);
    EXPECT_EQ(second.packets_lost, 2);
}

TEST_F(ReceiverStory, late_packet_makes_good_its_loss) {
    take(1);
    take(3);
    EXPECT_EQ(receiver.lost(), 1U);
    take(2);
    EXPECT_EQ(receiver.lost(), 0U);
}

TEST_F(ReceiverStory, new_stream_and_jump_are_no_loss) {
    take(1);
    take(3);
    take(30000);
    take(5, 8);
    EXPECT_EQ(receiver.lost(), 1U);
    EXPECT_EQ(receiver.report(now).ssrc, 8U);
}

TEST_F(ReceiverStory, jitter_follows_uneven_arrival) {
    for (int i = 0; i < 200; ++i) {
        now += i % 2 == 0 ? 10ms : -10ms;
        take(static_cast<std::uint16_t>(i));
    }
    EXPECT_NEAR(receiver.jitter(), 80, 10);
}

TEST_F(ReceiverStory, delay_since_the_sender_report_is_told) {
    take(1);
    receiver.take(SenderInfo{.ntp_time = 0x1122334455667788}, now);
    const auto report = receiver.report(now + 500ms);
    EXPECT_EQ(report.last_sr, 0x33445566U);
    EXPECT_EQ(report.delay_since_sr, 32768U);
}

}  // namespace
}  // namespace patchbay::media
