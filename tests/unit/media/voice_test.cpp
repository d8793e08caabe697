// A leg's packets, through good networks and bad ones, become even frames.
#include "media/voice.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "media/tone.hpp"
#include "voice_line.hpp"

namespace patchbay::media {
namespace {

using namespace std::chrono_literals;
using testing::hertz;
using testing::Line;

class VoiceOf : public ::testing::TestWithParam<Codec> {};
INSTANTIATE_TEST_SUITE_P(EachCodec, VoiceOf,
                         ::testing::Values(Codec::pcma, Codec::pcmu, Codec::g722, Codec::opus, Codec::l16),
                         [](const auto& codec) { return std::string(name(codec.param)); });

TEST_P(VoiceOf, is_as_loud_as_it_was_said_and_waits_less_than_30_ms) {
    Line line(GetParam());
    for (int i = 0; i < 100; ++i) {
        line.send(1ms);
        line.tick();
    }
    EXPECT_GT(line.intelligible(1.5), 0.99);
    EXPECT_LT(line.voice.delay_ms(), 30);
    EXPECT_EQ(line.voice.counts().concealed, 0U);
}

TEST_P(VoiceOf, one_lost_packet_is_made_good) {
    Line line(GetParam());
    for (int i = 0; i < 200; ++i) {
        line.send(1ms, i % 25 == 24);
        line.tick();
    }
    // Opus fades a steady tone sooner than it would speech.
    EXPECT_GT(line.intelligible(), GetParam() == Codec::opus ? 0.92 : 0.97);
    EXPECT_GE(line.voice.counts().concealed + line.voice.counts().recovered, 5U);
}

/// A tone that changes with every packet, so that nobody can make up what was lost.
std::vector<std::int16_t> unguessable() {
    std::vector<std::int16_t> samples;
    std::minstd_rand random(11);
    std::uniform_int_distribution<int> hertz_of_packet(3, 16);
    for (int i = 0; i < 300; ++i) {
        Tone tone(100.0 * hertz_of_packet(random), -12);
        samples.resize(samples.size() + 160);
        tone.fill(std::span(samples).last(160));
    }
    return samples;
}

TEST(Voice, a_lost_packet_is_taken_from_the_next_when_that_carries_it) {
    for (const bool fec : {true, false}) {
        Format format = Line::format(Codec::opus);
        format.opus.fec = fec;
        Line line(format);
        line.says = unguessable();
        for (int i = 0; i < 300; ++i) {
            line.send(1ms, i % 10 == 9);
            line.tick();
        }
        const VoiceCounts& counts = line.voice.counts();
        if (fec) {
            EXPECT_GE(counts.recovered, 25U) << "of 29";
            EXPECT_LE(counts.concealed, 8U) << "the first, and what a shortened buffer costs";
        } else {
            EXPECT_EQ(counts.recovered, 0U) << "nothing was carried along";
            EXPECT_GE(counts.concealed, 25U);
        }
        EXPECT_LT(line.voice.delay_ms(), 60);
    }
}

TEST(Voice, silence_is_hardly_sent_when_it_may_be_left_out_and_is_heard_as_silence) {
    for (const bool dtx : {true, false}) {
        Format format = Line::format(Codec::opus);
        format.opus.dtx = dtx;
        Line line(format);
        line.says.assign(50 * 160 * 5, 0);
        Tone tone(hertz, -12);
        tone.fill(std::span(line.says).first(50 * 160));  // a second of tone, four of silence
        int before = 0;
        for (int i = 0; i < 250; ++i) {
            line.send(1ms);
            line.tick();
            if (i == 99) before = line.sent;  // after a second of silence
        }
        if (!dtx) {
            EXPECT_EQ(line.sent, 250);
            continue;
        }
        EXPECT_LT(line.sent - before, 30) << "of 150 packets";
        EXPECT_LT(loudness(std::span(line.heard).last(150 * 160)), -70) << "noise is made up";
        const auto begun = line.heard.size();
        line.says.clear();
        for (int i = 0; i < 50; ++i) {
            line.send(1ms);
            line.tick();
        }
        EXPECT_GT(line.heard.size(), begun);
        EXPECT_NEAR(loudness(std::span(line.heard).last(30 * 160)), Line::level, 1.5)
            << "and it is heard again";
    }
}

/// The longest stretch without a sound in what was heard, in ms.
int longest_silence(std::span<const std::int16_t> heard) {
    int longest = 0, now = 0;
    for (std::size_t at = 0; at + 40 <= heard.size(); at += 40) {  // 5 ms
        now = loudness(heard.subspan(at, 40)) < -30 ? now + 5 : 0;
        longest = std::max(longest, now);
    }
    return longest;
}

TEST(Voice, a_change_of_codec_leaves_no_gap) {
    const std::array codecs{Codec::pcma, Codec::opus, Codec::g722, Codec::pcmu,
                            Codec::l16,  Codec::opus, Codec::pcma};
    for (const int jitter : {0, 60, 120}) {
        Line line(codecs[0]);
        std::minstd_rand random(5);
        std::uniform_int_distribution<int> late(0, jitter);
        for (const Codec codec : codecs) {
            line.speak(Line::format(codec));
            for (int i = 0; i < 100; ++i) {
                // The packets of one codec keep their order: the peer that changes stops sending the other.
                line.send(std::chrono::milliseconds(i < 90 ? late(random) : jitter / 2));
                line.tick();
            }
        }
        EXPECT_LE(longest_silence(std::span(line.heard).subspan(4000)), 40) << jitter;
        EXPECT_LT(line.voice.delay_ms(), 150) << jitter;
    }
}

/// The figure: of all 20 ms windows, how many carry the tone within 6 dB of its level.
TEST_P(VoiceOf, ten_per_cent_loss_and_60_ms_of_jitter_stay_intelligible) {
    Line line(GetParam());
    std::minstd_rand random(5);
    std::uniform_int_distribution<int> jitter(0, 60), chance(0, 9);
    for (int i = 0; i < 1500; ++i) {
        line.send(std::chrono::milliseconds(jitter(random)), chance(random) == 0);
        line.tick();
    }
    EXPECT_GT(line.intelligible(), GetParam() == Codec::opus ? 0.8 : 0.85);
    EXPECT_LT(line.voice.delay_ms(), 250);
}

TEST_P(VoiceOf, a_clock_that_is_too_fast_or_too_slow_is_followed) {
    for (const double skew : {0.99, 1.01}) {  // a hundred times worse than any phone, for a minute
        Line line(GetParam());
        line.packet_time = std::chrono::duration_cast<Moment::duration>(20ms * skew);
        double owed = 0;
        for (int i = 0; i < 3000; ++i) {
            for (owed += 1 / skew; owed >= 1; --owed) line.send(1ms);
            line.tick();
        }
        EXPECT_GT(line.intelligible(), 0.97) << skew;
        EXPECT_LT(line.voice.delay_ms(), 90) << skew;
        EXPECT_EQ(line.voice.counts().strange, 0U);
    }
}

/// 100 parts per million are worse than phones are; what is made up or left out is what the clocks differ by.
TEST(Voice, half_an_hour_with_a_clock_that_is_off_ends_in_time) {
    for (const double skew : {0.9999, 1.0001}) {
        Line line(Codec::pcma);
        line.packet_time = std::chrono::duration_cast<Moment::duration>(20ms * skew);
        double owed = 0;
        constexpr int half_an_hour = 30 * 60 * 50;
        for (int i = 0; i < half_an_hour; ++i) {
            for (owed += 1 / skew; owed >= 1; --owed) line.send(1ms);
            line.tick();
        }
        EXPECT_GT(line.intelligible(), 0.999) << skew;
        EXPECT_LT(line.voice.delay_ms(), 45) << skew;
        EXPECT_LE(line.voice.counts().concealed, 12U) << skew;
        EXPECT_LE(line.voice.counts().shortened, 72U) << skew;
        EXPECT_EQ(line.voice.counts().strange + line.voice.counts().late, 0U) << skew;
    }
}

TEST_P(VoiceOf, noise_in_place_of_packets_harms_nothing) {
    Line line(GetParam());
    std::minstd_rand random(3);
    for (std::size_t size = 1; size < 1400; size += 7) {
        std::vector<std::uint8_t> junk(size);
        std::ranges::generate(junk, [&] { return static_cast<std::uint8_t>(random()); });
        line.voice.write({static_cast<std::uint32_t>(random()), 9, size % 3 == 0}, junk, 50, Moment{1000s});
        line.tick();
    }
    EXPECT_EQ(line.heard.size() % 160, 0U);
}

TEST(Voice, gives_the_same_frame_at_every_rate) {
    Line line(Codec::pcma);
    std::vector<std::int16_t> wide;
    std::uint64_t tick = 50;
    for (int i = 0; i < 50; ++i) {
        line.send(1ms);
        line.tick();
        const auto frame = line.voice.frame(++tick, wide_rate, Moment{1000s});
        wide.insert(wide.end(), frame.begin(), frame.end());
    }
    ASSERT_GT(wide.size(), 8000U);
    // The detector thinks in 8 kHz.
    EXPECT_NEAR(tone_level(std::span(wide).last(1600), hertz / 2), -12, 0.5);
}

TEST(Voice, is_silent_when_nothing_comes_and_begins_again) {
    Line line(Codec::pcmu);
    for (int i = 0; i < 20; ++i) {
        line.send(1ms);
        line.tick();
    }
    for (int i = 0; i < 20; ++i) {
        line.send(1ms, true);
        line.tick();
    }
    EXPECT_EQ(loudness(std::span(line.heard).last(800)), -120);
    for (int i = 0; i < 20; ++i) {
        line.send(1ms);
        line.tick();
    }
    EXPECT_NEAR(tone_level(std::span(line.heard).last(800), hertz), -12, 0.5);
}

TEST(Voice, comfort_noise_is_as_loud_as_it_was_described) {
    Voice voice(Line::format(Codec::pcma));
    const std::vector<std::uint8_t> level{50};
    voice.write({1000, 1, true}, level, 1, Moment{1s});
    std::vector<std::int16_t> heard;
    for (std::uint64_t tick = 2; tick < 40; ++tick) {
        const auto frame = voice.frame(tick, narrow_rate, Moment{1s} + 20ms * tick);
        heard.insert(heard.end(), frame.begin(), frame.end());
    }
    ASSERT_GT(heard.size(), 4000U);
    // RFC 3389's level is relative to a square wave of full scale, loudness() to a sine, which has 3 dB less.
    EXPECT_NEAR(loudness(heard), -47, 1);
}

}  // namespace
}  // namespace patchbay::media
