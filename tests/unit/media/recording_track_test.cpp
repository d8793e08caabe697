// Two sides on one timeline: in step, whatever order they come in; silence where nothing came; pauses cut
// out, masks silent.
#include "media/recording_track.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace patchbay::media {
namespace {

using namespace std::chrono_literals;
using call::RecordingState;

struct RecordingTrackTest : ::testing::Test {
    static constexpr int rate = 8000;
    const Moment begin = Moment{} + 1h;
    RecordingTrack track{begin, rate};

    /// 20 ms of that value; timestamps go with the time it was said at, `late` later it came.
    void say(Milliseconds at, std::int16_t value, Side side = Side::own, Milliseconds late = 0ms,
             std::uint64_t speaker = 1) {
        TappedPacket packet{.speaker = LegId{speaker},
                            .at = begin + at + late,
                            .ssrc = 7,
                            .timestamp = static_cast<std::uint32_t>(4'294'967'000 + at.count() * 8),
                            .side = side};
        track.add(packet, std::vector<std::int16_t>(160, value), 8000);
    }
    std::vector<std::int16_t> heard(Milliseconds until, std::size_t channel) {
        track.settle(begin + until);
        std::vector<std::int16_t> samples;
        for (std::size_t i = channel; i < track.ready().size(); i += 2) samples.push_back(track.ready()[i]);
        return samples;
    }
    static std::int16_t at(const std::vector<std::int16_t>& samples, Milliseconds time) {
        return samples.at(static_cast<std::size_t>(time.count() * rate / 1000));
    }
};

TEST_F(RecordingTrackTest, each_side_has_its_channel_and_time_passes_for_both) {
    say(100ms, 5, Side::own);
    say(120ms, 6, Side::own);
    say(100ms, 9, Side::other);
    const auto left = heard(500ms, 0);
    track.ready().clear();
    ASSERT_EQ(left.size(), 4000U);
    EXPECT_EQ(at(left, 90ms), 0);
    EXPECT_EQ(at(left, 101ms), 5);
    EXPECT_EQ(at(left, 121ms), 6);
    EXPECT_EQ(at(left, 141ms), 0);
}

TEST_F(RecordingTrackTest, packets_that_come_late_or_in_the_wrong_order_keep_their_place) {
    say(0ms, 1);
    say(40ms, 3, Side::own, 5ms);
    say(20ms, 2, Side::own, 90ms);
    const auto left = heard(100ms, 0);
    EXPECT_EQ(at(left, 10ms), 1);
    EXPECT_EQ(at(left, 30ms), 2);
    EXPECT_EQ(at(left, 50ms), 3);
}

TEST_F(RecordingTrackTest, speakers_of_one_side_are_summed_without_overflow) {
    say(0ms, 30'000, Side::other, 0ms, 1);
    say(0ms, 30'000, Side::other, 0ms, 2);
    EXPECT_EQ(at(heard(20ms, 1), 10ms), 32'767);
}

TEST_F(RecordingTrackTest, a_pause_is_not_there_and_a_mask_is_silence) {
    for (auto time = 0ms; time < 100ms; time += 20ms) say(time, 1);
    track.change(RecordingState::paused, begin + 100ms);
    for (auto time = 100ms; time < 1100ms; time += 20ms) say(time, 2);
    track.change(RecordingState::recording, begin + 1100ms);
    for (auto time = 1100ms; time < 1200ms; time += 20ms) say(time, 3);
    track.change(RecordingState::masked, begin + 1200ms);
    for (auto time = 1200ms; time < 1300ms; time += 20ms) say(time, 4);
    track.change(RecordingState::recording, begin + 1300ms);
    for (auto time = 1300ms; time < 1400ms; time += 20ms) say(time, 5);
    const auto left = heard(1400ms, 0);
    ASSERT_EQ(left.size(), 400U * 8);
    EXPECT_EQ(at(left, 50ms), 1);
    EXPECT_EQ(at(left, 150ms), 3);
    EXPECT_EQ(at(left, 250ms), 0);
    EXPECT_EQ(at(left, 350ms), 5);
    EXPECT_EQ(std::ranges::count(left, 2), 0);
    EXPECT_EQ(std::ranges::count(left, 4), 0);
}

TEST_F(RecordingTrackTest, after_its_stop_nothing_is_taken) {
    say(0ms, 1);
    track.change(RecordingState::stopped, begin + 20ms);
    say(20ms, 2);
    EXPECT_EQ(heard(5s, 0).size(), 160U);
}

TEST_F(RecordingTrackTest, a_stream_that_jumps_begins_anew_where_it_comes) {
    say(0ms, 1);
    TappedPacket jumped{.speaker = LegId{1}, .at = begin + 500ms, .ssrc = 7, .timestamp = 12345};
    track.add(jumped, std::vector<std::int16_t>(160, 2), 8000);
    const auto left = heard(600ms, 0);
    EXPECT_EQ(at(left, 510ms), 2);
}

TEST_F(RecordingTrackTest, keeps_time_when_it_was_not_settled_for_long) {
    say(0ms, 1);
    say(10s, 2);
    const auto left = heard(11s, 0);
    ASSERT_EQ(left.size(), 88'000U);
    EXPECT_EQ(at(left, 10ms), 1);
    EXPECT_EQ(at(left, 5s), 0);
    EXPECT_EQ(at(left, 10'010ms), 2);
}

}  // namespace
}  // namespace patchbay::media
