#include "media/tone.hpp"

#include <vector>

#include <gmock/gmock.h>

namespace patchbay::media {
namespace {

using testing::ElementsAre;

std::vector<std::int16_t> samples_of(double hertz, double level, std::size_t count) {
    std::vector<std::int16_t> samples(count);
    Tone(hertz, level).fill(samples);
    return samples;
}

TEST(Tone, is_found_at_its_level_and_nowhere_else) {
    const auto samples = samples_of(440, -12, 800);
    EXPECT_NEAR(tone_level(samples, 440), -12, 0.1);
    EXPECT_NEAR(loudness(samples), -12, 0.1);
    EXPECT_LT(tone_level(samples, 480), -40);
    EXPECT_LT(tone_level(samples, 1000), -60);
}

TEST(Tone, goes_on_without_a_break) {
    Tone in_parts(700), at_once(700);
    std::vector<std::int16_t> parts(320), whole(320);
    in_parts.fill(std::span(parts).first(100));
    in_parts.fill(std::span(parts).subspan(100));
    at_once.fill(whole);
    EXPECT_EQ(parts, whole);
}

TEST(ToneDetector, names_each_tone_of_a_sum) {
    ToneDetector detector({300, 500, 700});
    auto sum = samples_of(300, -18, 800);
    const auto other = samples_of(700, -18, 800);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = static_cast<std::int16_t>(sum[i] + other[i]);
    EXPECT_FALSE(detector.feed(std::span(sum).first(799)));
    EXPECT_THAT(detector.heard(), ElementsAre());
    EXPECT_TRUE(detector.feed(std::span(sum).last(1)));
    EXPECT_EQ(detector.blocks(), 1U);
    EXPECT_THAT(detector.heard(), ElementsAre(300, 700));
}

TEST(ToneDetector, hears_nothing_in_silence) {
    ToneDetector detector({425}, 160);
    EXPECT_TRUE(detector.feed(std::vector<std::int16_t>(1000)));
    EXPECT_EQ(detector.blocks(), 6U);
    EXPECT_THAT(detector.levels(), ElementsAre(-120));
}

}  // namespace
}  // namespace patchbay::media
