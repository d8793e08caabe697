// A leg's packets, through good networks and bad ones, become even frames.
#include "media/voice.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <queue>
#include <random>

#include <gtest/gtest.h>

#include "media/tone.hpp"

namespace patchbay::media {
namespace {

using namespace std::chrono_literals;

constexpr double hertz = 1000;

/// A sender of a steady tone, the network to us, and the mixer that asks each 20 ms; its own clock runs.
class Line {
  public:
    explicit Line(Codec codec)
        : voice(format(codec), narrow_rate), encoder_(make_encoder(format(codec), narrow_rate)) {
        format_ = format(codec);
        if (encoder_->rate() != narrow_rate) up_.emplace(narrow_rate, encoder_->rate());
    }
    static Format format(Codec codec) {
        Format format;
        format.codec = codec;
        format.clock_rate = clock_rate(codec);
        format.opus.fec = true;
        return format;
    }

    /// The next packet, which comes after `delay`; `lost`: it never does.
    void send(Moment::duration delay, bool lost = false) {
        std::vector<std::int16_t> narrow(160), audio(samples_of_frame(encoder_->rate()));
        tone_.fill(narrow);
        if (up_) {
            up_->process(narrow, audio);
        } else {
            audio = narrow;
        }
        std::vector<std::uint8_t> payload(largest_payload);
        payload.resize(encoder_->encode(audio, payload));
        if (!lost) under_way_.push({sent_at_ + delay, timestamp_, payload});
        timestamp_ += static_cast<std::uint32_t>(format_.clock_rate / 50);
        sent_at_ += packet_time;
    }

    /// The mixer's next tick; what has come by then is written first.
    void tick() {
        now_ += 20ms;
        ++tick_;
        while (!under_way_.empty() && under_way_.top().at <= now_) {
            const Packet& packet = under_way_.top();
            voice.write({packet.timestamp, 7, false}, packet.payload, tick_ - 1, packet.at);
            under_way_.pop();
        }
        const auto frame = voice.frame(tick_, narrow_rate, now_);
        if (frame.empty()) {
            heard.insert(heard.end(), 160, 0);
        } else {
            heard.insert(heard.end(), frame.begin(), frame.end());
        }
    }

    /// Of the windows of 20 ms heard after the first half second, the share in which the tone is within that
    /// many dB of its level.
    double intelligible(double decibel = 6) const {
        std::size_t good = 0, all = 0;
        for (std::size_t at = 4000; at + 160 <= heard.size(); at += 160, ++all)
            if (std::abs(loudness(std::span(heard).subspan(at, 160)) - level) <= decibel) ++good;
        return all == 0 ? 0 : static_cast<double>(good) / static_cast<double>(all);
    }

    static constexpr double level = -12;
    Moment::duration packet_time = 20ms;
    Voice voice;
    std::vector<std::int16_t> heard;

  private:
    struct Packet {
        Moment at;
        std::uint32_t timestamp;
        std::vector<std::uint8_t> payload;
        bool operator<(const Packet& other) const { return at > other.at; }
    };
    Format format_;
    std::unique_ptr<Encoder> encoder_;
    std::optional<Resampler> up_;
    Tone tone_{hertz};
    std::priority_queue<Packet> under_way_;
    std::uint32_t timestamp_ = 0xFFFFF000;
    Moment sent_at_{1000s}, now_{1000s + 3ms};
    std::uint64_t tick_ = 50;
};

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
