#include "media/recording_decoder.hpp"

namespace patchbay::media {

std::span<const std::int16_t> RecordingDecoders::decode(const TappedPacket& packet,
                                                        std::span<const std::uint8_t> payload) {
    Stream& stream = streams_[packet.speaker.value << 1 | static_cast<unsigned>(packet.side)];
    if (!stream.decoder || stream.codec != packet.codec) {
        Format format;
        format.codec = packet.codec;
        format.clock_rate = clock_rate(packet.codec);
        stream = {packet.codec, make_decoder(format, rate_)};
    }
    const std::size_t count = stream.decoder->decode(payload, decoded_);
    return at_our_rate(std::span(decoded_).first(count), stream.decoder->rate());
}

/// Between 8 and 16 kHz, the only two rates there are: good enough for speech, and nearly free.
std::span<const std::int16_t> RecordingDecoders::at_our_rate(std::span<const std::int16_t> samples,
                                                             int rate) {
    if (rate == rate_) return samples;
    resampled_.clear();
    const auto middle = [](int a, int b) { return static_cast<std::int16_t>((a + b) / 2); };
    if (rate > rate_) {
        for (std::size_t i = 0; i + 1 < samples.size(); i += 2)
            resampled_.push_back(middle(samples[i], samples[i + 1]));
        return resampled_;
    }
    for (std::size_t i = 0; i < samples.size(); ++i) {
        resampled_.push_back(samples[i]);
        resampled_.push_back(middle(samples[i], i + 1 < samples.size() ? samples[i + 1] : samples[i]));
    }
    return resampled_;
}

}  // namespace patchbay::media
