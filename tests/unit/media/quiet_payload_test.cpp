// A packet in whose place silence goes on is as long as it was, and is silence to a decoder that was loud.
#include "media/quiet_payload.hpp"

#include <gtest/gtest.h>

#include "media/codec.hpp"
#include "media/resampler.hpp"
#include "media/tone.hpp"

namespace patchbay::media {
namespace {

struct QuietPayload : ::testing::TestWithParam<std::pair<Codec, int>> {};

TEST_P(QuietPayload, is_heard_as_silence_after_a_loud_tone) {
    const auto [codec, packet_ms] = GetParam();
    Format format;
    format.codec = codec;
    format.clock_rate = clock_rate(codec);
    const auto encoder = make_encoder(format, wide_rate);
    const auto decoder = make_decoder(format, encoder->rate());
    const auto size = static_cast<std::size_t>(encoder->rate() * packet_ms / 1000);
    Tone tone(941.0 * narrow_rate / encoder->rate(), -3);
    std::vector<std::int16_t> samples(size), heard(largest_packet_samples);
    std::vector<std::uint8_t> payload(largest_payload), quiet(largest_payload);
    for (int packet = 0; packet < 12; ++packet) {
        tone.fill(samples);
        const std::span sound = std::span(payload).first(encoder->encode(samples, payload));
        const bool silenced = packet >= 6;
        const auto count = decoder->decode(silenced ? quiet_payload(codec, sound, quiet) : sound, heard);
        ASSERT_EQ(count, size);
        const double level = loudness(std::span(heard).first(count));
        if (packet >= 8) {
            EXPECT_LT(level, -50) << "packet " << packet;
        } else if (packet >= 3 && !silenced) {
            EXPECT_GT(level, -8) << "packet " << packet;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Codecs, QuietPayload,
                         ::testing::Values(std::pair(Codec::pcma, 20), std::pair(Codec::pcmu, 30),
                                           std::pair(Codec::g722, 20), std::pair(Codec::l16, 20),
                                           std::pair(Codec::opus, 10), std::pair(Codec::opus, 20),
                                           std::pair(Codec::opus, 60)));

TEST(QuietPayload, leaves_opus_alone_that_is_none_or_too_short_for_it) {
    std::array<std::uint8_t, 64> out{};
    for (const auto& payload : std::vector<std::vector<std::uint8_t>>{{}, {0xF8}, {0xFF}, {0xE0, 1, 2, 3}})
        EXPECT_EQ(quiet_payload(Codec::opus, payload, out).data(), payload.data());
}

}  // namespace
}  // namespace patchbay::media
