#include "media/sender.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace patchbay::media {
namespace {

using namespace std::chrono_literals;

constexpr LegId one{1}, other{2};
constexpr Moment start{1000s};

RtpHeader packet(std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t ssrc = 7) {
    return {.sequence = sequence, .timestamp = timestamp, .ssrc = ssrc};
}

class SenderStory : public ::testing::Test {
  protected:
    Sender sender{99, 65534, 0xFFFFFFF0};
};

TEST_F(SenderStory, relayed_stream_keeps_its_steps_over_every_wrap) {
    const auto first = sender.relay(packet(10, 1000), one, false, start);
    const auto second = sender.relay(packet(11, 1160), one, false, start + 20ms);
    const auto after_loss = sender.relay(packet(14, 1640), one, false, start + 80ms);
    EXPECT_TRUE(first->marker);
    EXPECT_EQ(first->sequence, 65535);
    EXPECT_FALSE(second->marker);
    EXPECT_EQ(second->sequence, 0);
    EXPECT_EQ(second->timestamp - first->timestamp, 160U);
    EXPECT_EQ(after_loss->sequence, 3);
    EXPECT_EQ(after_loss->timestamp - second->timestamp, 480U);
    EXPECT_EQ(after_loss->ssrc, 99U);
}

TEST_F(SenderStory, reordered_packets_keep_their_places) {
    const auto first = sender.relay(packet(10, 1000), one, false, start);
    sender.relay(packet(12, 1320), one, false, start + 20ms);
    const auto late = sender.relay(packet(11, 1160), one, false, start + 21ms);
    ASSERT_TRUE(late);
    EXPECT_EQ(late->sequence, static_cast<std::uint16_t>(first->sequence + 1));
    EXPECT_EQ(sender.relay(packet(13, 1480), one, false, start + 40ms)->sequence,
              static_cast<std::uint16_t>(first->sequence + 3));
}

TEST_F(SenderStory, packet_from_before_a_change_of_source_is_left_out) {
    sender.relay(packet(10, 1000), one, false, start);
    sender.relay(packet(500, 9000, 8), other, false, start + 20ms);
    EXPECT_FALSE(sender.relay(packet(499, 8840, 8), other, false, start + 21ms));
    EXPECT_TRUE(sender.relay(packet(501, 9160, 8), other, false, start + 40ms));
}

TEST_F(SenderStory, change_of_source_moves_the_timestamp_by_the_time_that_passed) {
    const auto before = sender.relay(packet(10, 1000), one, false, start);
    const auto after = sender.relay(packet(40000, 77, 8), other, false, start + 100ms);
    EXPECT_TRUE(after->marker);
    EXPECT_EQ(static_cast<std::uint16_t>(after->sequence - before->sequence), 1);
    EXPECT_EQ(after->timestamp - before->timestamp, 800U);
}

TEST_F(SenderStory, timestamp_that_lies_is_joined_to_the_time) {
    const auto before = sender.relay(packet(10, 1000), one, false, start);
    const auto lie = sender.relay(packet(11, 5'000'000), one, false, start + 20ms);
    EXPECT_EQ(lie->timestamp - before->timestamp, 160U);
    const auto next = sender.relay(packet(12, 5'000'160), one, false, start + 40ms);
    EXPECT_EQ(next->timestamp - lie->timestamp, 160U);
}

TEST_F(SenderStory, silence_of_a_minute_is_no_lie) {
    const auto before = sender.relay(packet(10, 1000), one, false, start);
    const auto after = sender.relay(packet(11, 1000 + 480'000), one, false, start + 60s);
    EXPECT_EQ(after->timestamp - before->timestamp, 480'000U);
    EXPECT_FALSE(after->marker);
}

TEST_F(SenderStory, event_keeps_its_timestamp_however_long_the_key_is_held) {
    sender.relay(packet(10, 1000), one, false, start);
    const auto first = sender.relay(packet(11, 1160), one, true, start + 20ms);
    for (int i = 1; i < 200; ++i) {
        const auto again = sender.relay(packet(static_cast<std::uint16_t>(11 + i), 1160), one, true,
                                        start + 20ms + i * 20ms);
        ASSERT_EQ(again->timestamp, first->timestamp);
    }
    const auto after = sender.relay(packet(211, 1000 + 201 * 160), one, false, start + 4020ms);
    EXPECT_EQ(after->timestamp - first->timestamp, 200U * 160);
    EXPECT_FALSE(after->marker);
}

TEST_F(SenderStory, mixed_audio_counts_the_ticks_left_out) {
    const auto first = sender.mixed(100, 160, start);
    const auto next = sender.mixed(101, 160, start + 20ms);
    const auto after_stall = sender.mixed(111, 160, start + 220ms);
    EXPECT_TRUE(first.marker);
    EXPECT_FALSE(next.marker);
    EXPECT_EQ(next.timestamp - first.timestamp, 160U);
    EXPECT_EQ(after_stall.timestamp - next.timestamp, 1600U);
    EXPECT_EQ(static_cast<std::uint16_t>(after_stall.sequence - first.sequence), 2);
}

TEST_F(SenderStory, relay_and_mixer_join_without_a_break) {
    const auto relayed = sender.relay(packet(10, 1000), one, false, start);
    const auto mixed = sender.mixed(5, 160, start + 30ms);
    const auto again = sender.relay(packet(13, 1480), one, false, start + 50ms);
    EXPECT_EQ(static_cast<std::uint16_t>(mixed.sequence - relayed->sequence), 1);
    EXPECT_EQ(mixed.timestamp - relayed->timestamp, 240U);
    EXPECT_EQ(static_cast<std::uint16_t>(again->sequence - mixed.sequence), 1);
    EXPECT_EQ(again->timestamp - mixed.timestamp, 160U);
}

}  // namespace
}  // namespace patchbay::media
