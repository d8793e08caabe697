#include "media/mixer.hpp"

#include <algorithm>
#include <limits>

#include "media/g711.hpp"
#include "media/outlet.hpp"

namespace patchbay::media {

namespace {

using Sum = std::array<std::int32_t, frame_samples>;

/// What the leg said in this tick, taken from its buffer once for all who hear it. False for silence.
bool take_frame(LegAudio& leg, std::uint64_t tick) {
    if (leg.frame_tick != tick) {
        leg.frame_tick = tick;
        leg.frame_heard = leg.buffer && leg.buffer->read(leg.frame);
    }
    return leg.frame_heard;
}

void add_to(Sum& sum, std::span<const std::int16_t, frame_samples> frame) {
    for (std::size_t i = 0; i < frame_samples; ++i) sum[i] += frame[i];
}

std::int16_t saturated(std::int32_t sample) {
    using Limits = std::numeric_limits<std::int16_t>;
    return static_cast<std::int16_t>(std::clamp<std::int32_t>(sample, Limits::min(), Limits::max()));
}

/// Bytes of a whole packet for this ear. Packet times that are no multiple of a tick are rounded down.
std::size_t packet_size(const LegAudio& ear) {
    const auto frames = std::clamp<long>(ear.peer->format.ptime / tick_length.count(), 1, 10);
    return rtp_header_size + static_cast<std::size_t>(frames) * frame_samples;
}

}  // namespace

void Mixer::add(LegAudio& ear) {
    ear.mixer_place = ears_.size();
    ears_.push_back(&ear);
    ear.packet.assign(rtp_header_size, 0);
}

void Mixer::remove(LegAudio& ear) {
    ears_.back()->mixer_place = ear.mixer_place;
    ears_[ear.mixer_place] = ears_.back();
    ears_.pop_back();
}

void Mixer::tick(std::uint64_t number, Moment now) {
    for (LegAudio* ear : ears_) serve(*ear, number, now);
}

void Mixer::serve(LegAudio& ear, std::uint64_t tick, Moment now) {
    const std::size_t begin = ear.packet.size();
    ear.packet.resize(begin + frame_samples);
    fill(ear, tick, std::span(ear.packet).subspan(begin));
    if (ear.packet.size() < packet_size(ear)) return;
    if (ear.digits_sent.idle()) {
        RtpHeader header = ear.sender.mixed(tick, frame_samples, now);
        header.payload_type = ear.peer->format.payload_type;
        write_rtp_header(header, ear.packet.data());
        if (send_rtp(ear, ear.packet, traffic_)) traffic_.mixed();
    }
    ear.packet.resize(rtp_header_size);
}

void Mixer::fill(LegAudio& ear, std::uint64_t tick, std::span<std::uint8_t> out) {
    const Codec codec = ear.peer->format.codec;
    if (!ear.sources.empty() || ear.sounds.size() > 1) return sum(ear, tick, out);
    if (ear.sounds.empty()) {
        std::ranges::copy(sounds_.silence().encoded(codec, 0), out.begin());
        return;
    }
    const PlayedSound& only = ear.sounds.front();
    std::ranges::copy(sounds_.of(only.sound).encoded(codec, tick - only.first_tick), out.begin());
}

void Mixer::sum(LegAudio& ear, std::uint64_t tick, std::span<std::uint8_t> out) {
    Sum total{};
    for (LegAudio* source : ear.sources) {
        if (take_frame(*source, tick)) add_to(total, source->frame);
    }
    for (const PlayedSound& played : ear.sounds) {
        add_to(total, sounds_.of(played.sound).frame(tick - played.first_tick));
    }
    Frame mixed;
    std::ranges::transform(total, mixed.begin(), saturated);
    encode(ear.peer->format.codec, mixed, out);
}

}  // namespace patchbay::media
