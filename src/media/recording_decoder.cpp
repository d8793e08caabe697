#include "media/recording_decoder.hpp"

#include <algorithm>

namespace patchbay::media {

namespace {

using namespace std::chrono_literals;

constexpr auto most_late = 200ms;    ///< a timestamp further back begins a new time
constexpr auto most_ahead = 1000ms;  ///< and so does one further ahead
constexpr auto most_made_up = 100ms;

std::uint32_t ticks_of(std::chrono::milliseconds time, int clock) {
    return static_cast<std::uint32_t>(time.count() * clock / 1000);
}

std::uint32_t ticks_of(std::size_t samples, int clock, int rate) {
    return static_cast<std::uint32_t>(samples * static_cast<std::size_t>(clock) /
                                      static_cast<std::size_t>(rate));
}

}  // namespace

void RecordingDecoders::take(const TappedPacket& packet, std::span<const std::uint8_t> payload) {
    Stream& stream = streams_[packet.speaker.value << 1 | static_cast<unsigned>(packet.side)];
    const int clock = clock_rate(packet.codec);
    const auto ahead = static_cast<std::int32_t>(packet.timestamp - stream.next);
    const bool follows = stream.decoder && stream.last.codec == packet.codec &&
                         stream.last.ssrc == packet.ssrc &&
                         ahead >= -static_cast<std::int32_t>(ticks_of(most_late, clock)) &&
                         ahead <= static_cast<std::int32_t>(ticks_of(most_ahead, clock));
    if (!follows) begin(stream, packet);
    stream.packets.write(packet.timestamp, payload, false, packet.at);
    play(stream, packet.at - patience);
}

void RecordingDecoders::settle(Moment until) {
    for (auto& [key, stream] : streams_)
        if (stream.packets.waiting() > 0) play(stream, until);
}

void RecordingDecoders::begin(Stream& stream, const TappedPacket& packet) {
    play(stream, Moment::max());
    const int clock = clock_rate(packet.codec);
    if (!stream.decoder || stream.last.codec != packet.codec) {
        Format format;
        format.codec = packet.codec;
        format.clock_rate = clock;
        stream.decoder = make_decoder(format, rate_);
    }
    stream.packets = JitterBuffer(clock);
    stream.last = packet;
    stream.next = packet.timestamp;
    stream.size = ticks_of(20ms, clock);
}

/// Decodes what is there in order; over a gap only when what is behind it came before `until`.
void RecordingDecoders::play(Stream& stream, Moment until) {
    while (const JitterBuffer::Packet* packet = stream.packets.front()) {
        if (packet->timestamp != stream.next) {
            if (packet->arrived >= until) return;
            make_up(stream, *packet);
        }
        std::size_t count = stream.decoder->decode(packet->payload, decoded_);
        if (count == 0) {
            count = samples_of_frame(stream.decoder->rate());
            stream.decoder->conceal(std::span(decoded_).first(count));
        }
        lay(stream, packet->timestamp, packet->arrived, std::span(decoded_).first(count));
        stream.size = ticks_of(count, clock_rate(stream.last.codec), stream.decoder->rate());
        stream.next = packet->timestamp + stream.size;
        stream.packets.drop_front();
        stream.packets.played_to(stream.next);
    }
}

/// Fills the gap before `next`: at its begin with what might have been said, at its end with what `next`
/// carries of it.
void RecordingDecoders::make_up(const Stream& stream, const JitterBuffer::Packet& next) {
    const int clock = clock_rate(stream.last.codec);
    const std::uint32_t usual = std::max(stream.size, ticks_of(10ms, clock));
    std::uint32_t made_up = 0, step = 0;
    for (std::uint32_t left = next.timestamp - stream.next; left > 0; left -= step) {
        step = std::min(left, usual);
        const auto rate = static_cast<std::size_t>(stream.decoder->rate());
        const auto out = std::span(decoded_).first(step * rate / static_cast<std::size_t>(clock));
        if (out.empty()) return;
        if (left != step || !stream.decoder->recover(next.payload, out)) {
            if (made_up >= ticks_of(most_made_up, clock)) continue;
            stream.decoder->conceal(out);
        }
        made_up += step;
        const std::chrono::microseconds early(std::int64_t{left} * 1'000'000 / clock);
        lay(stream, next.timestamp - left, next.arrived - early, out);
    }
}

void RecordingDecoders::lay(const Stream& stream, std::uint32_t timestamp, Moment at,
                            std::span<const std::int16_t> samples) {
    TappedPacket packet = stream.last;
    packet.timestamp = timestamp;
    packet.at = at;
    track_.add(packet, at_our_rate(samples, stream.decoder->rate()), clock_rate(packet.codec));
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
