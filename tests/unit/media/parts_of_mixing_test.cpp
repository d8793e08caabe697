// The small parts of which the mixer is made.
#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "media/limiter.hpp"
#include "media/player.hpp"
#include "media/stretch.hpp"
#include "media/tone.hpp"

namespace patchbay::media {
namespace {

TEST(Limiter, leaves_alone_what_fits) {
    Limiter limiter;
    const std::vector<std::int32_t> sum{0, 31000, -31000};
    std::vector<std::int16_t> out(3);
    limiter.limit(sum, out);
    EXPECT_EQ(out, (std::vector<std::int16_t>{0, 31000, -31000}));
}

TEST(Limiter, turns_down_softly_and_up_again) {
    Limiter limiter;
    std::vector<std::int32_t> sum(160);
    std::vector<std::int16_t> out(160);
    for (int frame = 0; frame < 5; ++frame) {
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] =
                static_cast<std::int32_t>(60000 * std::sin(static_cast<double>(i) * std::numbers::pi / 8));
        limiter.limit(sum, out);
    }
    // A sine that is turned down is still a sine: nothing is cut off its peaks.
    EXPECT_NEAR(*std::ranges::max_element(out), 32000, 40);
    EXPECT_NEAR(out[2], 32000 * std::sin(std::numbers::pi / 4), 200);
    std::ranges::fill(sum, 100);
    for (int frame = 0; frame < 50; ++frame) limiter.limit(sum, out);
    EXPECT_EQ(limiter.gain(), 1);
    EXPECT_EQ(out.back(), 100);
}

TEST(Stretch, takes_a_period_out_of_a_tone_without_a_click) {
    std::vector<std::int16_t> samples(320);
    Tone(500).fill(samples);
    int steepest = 0;
    for (std::size_t i = 1; i < samples.size(); ++i)
        steepest = std::max(steepest, std::abs(samples[i] - samples[i - 1]));
    const std::size_t left = remove_period(samples, 8000, samples.size());
    EXPECT_LT(left, samples.size());
    EXPECT_EQ((samples.size() - left) % 16, 0U);  // whole periods
    for (std::size_t i = 1; i < left; ++i)
        EXPECT_LE(std::abs(samples[i] - samples[i - 1]), steepest * 11 / 10) << i;
}

TEST(Stretch, takes_no_more_than_can_be_spared) {
    std::vector<std::int16_t> samples(160);
    Tone(500).fill(samples);
    EXPECT_EQ(remove_period(samples, 8000, 10), 160U);
    EXPECT_GE(remove_period(samples, 8000, 40), 120U);
}

class PlayerStory : public ::testing::Test {
  protected:
    static Sounds made() { return Sounds(config::Media{}); }
    double level(std::uint64_t frames, double hertz) {
        std::vector<std::int16_t> heard;
        for (std::uint64_t i = 0; i < frames; ++i, ++tick) {
            std::vector<std::int32_t> sum(160);
            player.add_to(sum, narrow_rate, tick);
            for (const std::int32_t sample : sum) heard.push_back(static_cast<std::int16_t>(sample));
        }
        return tone_level(heard, hertz);
    }
    const Sounds sounds = made();
    Player player;
    std::uint64_t tick = 1000;
};

TEST_F(PlayerStory, a_loop_begins_at_its_begin_and_goes_on_over_a_change) {
    player.set({call::Sound::named("ringback.de")}, sounds, tick);
    EXPECT_NEAR(level(50, 425), -16, 0.5);
    player.set({LegId{5}, call::Sound::named("ringback.de")}, sounds, tick);
    EXPECT_LT(level(150, 425), -60);
}

TEST_F(PlayerStory, an_announcement_speaks_its_parts_over_softer_music_and_ends_once) {
    const call::Announcement announcement{{"ringback.us", "no such sound"}, 4};
    const std::vector<call::Source> row{call::Sound::named("ringback.de"), announcement};
    player.set(row, sounds, tick);
    player.set(row, sounds, tick);
    level(1, 440);
    EXPECT_NEAR(level(40, 425), -28, 1.5);
    tick += 10;
    EXPECT_NEAR(level(20, 480), -19, 1.5);
    EXPECT_FALSE(player.take_ended());
    level(300, 440);
    EXPECT_EQ(player.take_ended(), 4U);
    EXPECT_FALSE(player.take_ended());
    player.set(row, sounds, tick);
    EXPECT_LT(level(10, 480), -60) << "it is spoken once";
    player.set({call::Announcement{{"ringback.us"}, 5}}, sounds, tick);
    EXPECT_NEAR(level(40, 480), -19, 0.5) << "another id speaks again";
}

TEST_F(PlayerStory, a_loop_lingers_where_a_leg_takes_its_place_and_only_there) {
    const auto ringing = call::Sound::named("ringback.us");
    player.set({ringing}, sounds, tick);
    player.set({LegId{5}}, sounds, tick);
    EXPECT_EQ(player.lingers_until(), tick + 75);
    EXPECT_NEAR(level(20, 480), -19, 0.5);
    player.let_go();
    EXPECT_TRUE(player.empty());
    EXPECT_FALSE(player.lingers_until());
    player.set({ringing}, sounds, tick);
    player.set({}, sounds, tick);
    EXPECT_TRUE(player.empty()) << "nothing is to be heard";
}

TEST_F(PlayerStory, an_announcement_of_nothing_is_over_at_once) {
    player.set({call::Announcement{{"no such sound"}, 9}}, sounds, tick);
    level(1, 440);
    EXPECT_EQ(player.take_ended(), 9U);
    EXPECT_TRUE(player.empty());
}

TEST_F(PlayerStory, music_takes_the_place_of_a_sound_that_is_not_there) {
    player.set({call::Sound::named("gone")}, sounds, tick);
    std::vector<std::int32_t> sum(160);
    player.add_to(sum, narrow_rate, tick + 20);
    EXPECT_TRUE(std::ranges::any_of(sum, [](std::int32_t sample) { return sample != 0; }));
}

}  // namespace
}  // namespace patchbay::media
