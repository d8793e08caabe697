// Speech over bad networks, judged by how intelligible it still is.
#include <chrono>
#include <random>

#include <gtest/gtest.h>

#include "intelligibility.hpp"
#include "support/speech.hpp"
#include "voice_line.hpp"

namespace patchbay::media {
namespace {

using namespace std::chrono_literals;
using testing::intelligibility;
using testing::Line;

/// Ten seconds of speech in that format through a network that loses so many of a hundred packets.
double through(const Format& format, int loss, int jitter_ms) {
    Line line(format);
    line.says = patchbay::testing::speech(narrow_rate, 10);
    std::minstd_rand random(5);
    std::uniform_int_distribution<int> jitter(0, jitter_ms), chance(0, 99);
    for (int i = 0; i < 500; ++i) {
        line.send(std::chrono::milliseconds(jitter(random)), chance(random) < loss);
        line.tick();
    }
    return intelligibility(line.says, line.heard);
}

double through(Codec codec, int loss, int jitter_ms) {
    return through(Line::format(codec), loss, jitter_ms);
}

class SpeechOver : public ::testing::TestWithParam<Codec> {};
INSTANTIATE_TEST_SUITE_P(EachCodec, SpeechOver,
                         ::testing::Values(Codec::pcma, Codec::pcmu, Codec::g722, Codec::opus),
                         [](const auto& codec) { return std::string(name(codec.param)); });

TEST_P(SpeechOver, a_good_network_is_as_good_as_new) {
    EXPECT_GT(through(GetParam(), 0, 1), 0.95);
}

TEST_P(SpeechOver, ten_per_cent_loss_and_60_ms_of_jitter_is_understood) {
    const double figure = through(GetParam(), 10, 60);
    RecordProperty("intelligibility", std::to_string(figure));
    EXPECT_GT(figure, 0.8);
    EXPECT_LT(figure, 0.99) << "such a network cannot be harmless: the figure says nothing";
}

TEST(Speech, is_understood_better_where_lost_packets_are_carried_by_the_next) {
    Format format = Line::format(Codec::opus);
    const double with = through(format, 10, 0);
    format.opus.fec = false;
    const double without = through(format, 10, 0);
    RecordProperty("with", std::to_string(with));
    RecordProperty("without", std::to_string(without));
    EXPECT_GT(with, without + 0.01);
}

TEST_P(SpeechOver, a_network_that_loses_most_is_told_from_a_usable_one) {
    EXPECT_LT(through(GetParam(), 70, 0), 0.7);
}

}  // namespace
}  // namespace patchbay::media
