#include "voices.hpp"

#include "support/speech.hpp"

namespace patchbay::bench {

Voices speak(media::Codec codec) {
    constexpr int seconds = 8;
    const bool opus = codec == media::Codec::opus;
    const media::Format format{.codec = codec,
                               .payload_type = static_cast<std::uint8_t>(opus ? 96 : 8),
                               .clock_rate = media::clock_rate(codec)};
    const auto encoder = media::make_encoder(format, media::full_rate);
    const auto samples = testing::speech(encoder->rate(), seconds);
    const std::size_t frame = media::samples_of_frame(encoder->rate());
    Voices voices{format.payload_type, static_cast<std::uint32_t>(format.clock_rate / 50), {}};
    for (std::size_t at = 0; at + frame <= samples.size(); at += frame) {
        std::vector<std::uint8_t> payload(media::largest_payload);
        payload.resize(encoder->encode(std::span(samples).subspan(at, frame), payload));
        voices.payloads.push_back(std::move(payload));
    }
    return voices;
}

}  // namespace patchbay::bench
