// What is recorded of streams that lose packets or bring them in the wrong order.
#include "media/recording_decoder.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "media/resampler.hpp"
#include "media/tone.hpp"

namespace patchbay::media {
namespace {

using namespace std::chrono_literals;

/// One speaker's packets on their way to a recording at `rate`.
struct Recorded {
    explicit Recorded(Codec of, int recording_rate)
        : codec(of), rate(recording_rate), track(begin, rate), decoders(track, rate) {
        Format format;
        format.codec = codec;
        format.clock_rate = clock_rate(codec);
        format.opus.fec = true;
        encoder = make_encoder(format, wide_rate);
        if (encoder->rate() != narrow_rate) up.emplace(narrow_rate, encoder->rate());
    }

    /// The next 20 ms of a tone. They come `late`, or never.
    void say(Milliseconds late = 0ms, bool lost = false) {
        const auto payload = next_payload();
        const TappedPacket packet{.speaker = LegId{1},
                                  .at = begin + said + late,
                                  .ssrc = 7,
                                  .timestamp = timestamp(),
                                  .codec = codec,
                                  .side = Side::own};
        said += 20ms;
        if (!lost) decoders.take(packet, payload);
    }
    std::vector<std::uint8_t> next_payload() {
        std::vector<std::int16_t> narrow(160), audio(samples_of_frame(encoder->rate()));
        tone.fill(narrow);
        if (up)
            up->process(narrow, audio);
        else
            audio = narrow;
        std::vector<std::uint8_t> payload(largest_payload);
        payload.resize(encoder->encode(audio, payload));
        return payload;
    }
    std::uint32_t timestamp() const {
        return 0xFFFFF000U + static_cast<std::uint32_t>(said.count() * clock_rate(codec) / 1000);
    }
    std::vector<std::int16_t> heard() {
        decoders.settle(Moment::max());
        track.settle(begin + said);
        std::vector<std::int16_t> left;
        for (std::size_t i = 0; i < track.ready().size(); i += 2) left.push_back(track.ready()[i]);
        return left;
    }
    /// Of the windows of 20 ms from 200 ms on, at every 5 ms: how many dB the quietest and the loudest are
    /// away from their median.
    std::pair<double, double> deviation() {
        const auto samples = heard();
        const auto window = samples_of_frame(rate);
        std::vector<double> levels;
        for (std::size_t at = 10 * window; at + window <= samples.size(); at += window / 4)
            levels.push_back(loudness(std::span(samples).subspan(at, window)));
        std::ranges::sort(levels);
        const double usual = levels.at(levels.size() / 2);
        return {levels.front() - usual, levels.back() - usual};
    }

    const Moment begin = Moment{} + 1h;
    Codec codec;
    int rate;
    RecordingTrack track;
    RecordingDecoders decoders;
    std::unique_ptr<Encoder> encoder;
    std::optional<Resampler> up;
    Tone tone{425};
    Milliseconds said{0};
};

struct Case {
    Codec codec;
    int rate;
    double drop;  ///< dB at most where a packet is lost
};
struct LossyRecording : ::testing::TestWithParam<Case> {};

TEST_P(LossyRecording, a_tone_with_one_packet_of_twenty_lost_is_recorded_without_a_hole) {
    Recorded recorded(GetParam().codec, GetParam().rate);
    for (int packet = 0; packet < 500; ++packet) recorded.say(0ms, packet % 20 == 13);
    const auto [quietest, loudest] = recorded.deviation();
    EXPECT_GT(quietest, -GetParam().drop);
    EXPECT_LT(loudest, 3);
}

TEST_P(LossyRecording, jitter_and_packets_in_the_wrong_order_change_nothing) {
    Recorded recorded(GetParam().codec, GetParam().rate);
    const auto payload_of = [&] { return recorded.next_payload(); };
    const auto packet_of = [&](Milliseconds late) {
        const TappedPacket packet{.speaker = LegId{1},
                                  .at = recorded.begin + recorded.said + late,
                                  .ssrc = 7,
                                  .timestamp = recorded.timestamp(),
                                  .codec = recorded.codec,
                                  .side = Side::own};
        recorded.said += 20ms;
        return packet;
    };
    for (int pair = 0; pair < 100; ++pair) {
        const auto first = packet_of(pair % 7 == 3 ? 60ms : 2ms);
        const auto first_payload = payload_of();
        const auto second = packet_of(1ms);
        const auto second_payload = payload_of();
        const bool swapped = first.at > second.at;
        recorded.decoders.take(swapped ? second : first, swapped ? second_payload : first_payload);
        recorded.decoders.take(swapped ? first : second, swapped ? first_payload : second_payload);
    }
    const auto [quietest, loudest] = recorded.deviation();
    EXPECT_GT(quietest, -1);
    EXPECT_LT(loudest, 1);
}

// libopus lets a steady tone fade more than speech.
INSTANTIATE_TEST_SUITE_P(Codecs, LossyRecording,
                         ::testing::Values(Case{Codec::pcma, narrow_rate, 6}, Case{Codec::pcmu, wide_rate, 6},
                                           Case{Codec::g722, wide_rate, 6},
                                           Case{Codec::opus, wide_rate, 22}));

TEST(RecordingDecoders, a_packet_that_comes_twice_is_recorded_once) {
    Recorded recorded(Codec::pcma, narrow_rate);
    for (int i = 0; i < 20; ++i) {
        const auto payload = recorded.next_payload();
        for (int twice = 0; twice < 2; ++twice) {
            recorded.decoders.take({.speaker = LegId{1},
                                    .at = recorded.begin + recorded.said,
                                    .ssrc = 7,
                                    .timestamp = recorded.timestamp()},
                                   payload);
        }
        recorded.said += 20ms;
    }
    const auto heard = recorded.heard();
    EXPECT_NEAR(loudness(heard), -12, 1);
}

TEST(RecordingDecoders, a_long_silence_of_the_speaker_stays_one) {
    Recorded recorded(Codec::pcma, narrow_rate);
    for (int i = 0; i < 20; ++i) recorded.say();
    for (int i = 0; i < 40; ++i) recorded.say(0ms, true);
    for (int i = 0; i < 20; ++i) recorded.say();
    const auto heard = recorded.heard();
    ASSERT_EQ(heard.size(), 80U * 160);
    EXPECT_GT(loudness(std::span(heard).subspan(0, 20 * 160)), -14);
    EXPECT_LT(loudness(std::span(heard).subspan(26 * 160, 34 * 160)), -80);
    EXPECT_GT(loudness(std::span(heard).subspan(60 * 160, 20 * 160)), -14);
}

TEST(RecordingDecoders, a_sender_whose_time_jumps_back_is_recorded_on) {
    Recorded recorded(Codec::pcma, narrow_rate);
    for (int i = 0; i < 60; ++i) {
        recorded.decoders.take({.speaker = LegId{1},
                                .at = recorded.begin + recorded.said,
                                .ssrc = 7,
                                .timestamp = recorded.timestamp() - (i < 30 ? 0U : 4000U)},
                               recorded.next_payload());
        recorded.said += 20ms;
    }
    const auto heard = recorded.heard();
    for (std::size_t at = 0; at < heard.size(); at += 160)
        EXPECT_GT(loudness(std::span(heard).subspan(at, 160)), -14) << "at sample " << at;
}

}  // namespace
}  // namespace patchbay::media
