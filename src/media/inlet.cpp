#include "media/inlet.hpp"

#include <algorithm>

#include "media/g711.hpp"
#include "media/mixer.hpp"
#include "media/outlet.hpp"
#include "media/quiet_payload.hpp"

namespace patchbay::media {

namespace {

constexpr std::size_t most_audio = 200 * 16;  ///< bytes; nobody packs more than 200 ms of 16 bits at 8 kHz

/// The duration in the other leg's clock, in a payload that is relayed.
void adapt_event_clock(const Format& from, const Format& to, std::uint8_t* payload) {
    if (from.telephone_event_clock == to.telephone_event_clock) return;
    const auto event = parse_telephone_event(std::span(payload, 4));
    if (event)
        std::ranges::copy(
            build_telephone_event(event->with_clock(from.telephone_event_clock, to.telephone_event_clock)),
            payload);
}

/// The packet was under way while its sender's codec changed.
bool is_of_last_format(const LegAudio& leg, std::uint8_t payload_type, Moment now) {
    return leg.last_format && leg.last_format->payload_type == payload_type && now < leg.last_format_until;
}

}  // namespace

void Inlet::receive(LegAudio& leg, Moment now, std::uint64_t tick) {
    Address from;
    socklen_t from_size = Address::capacity;
    const auto size = recvfrom(leg.ports.rtp.get(), received_.data(), received_.size(),
                               MSG_DONTWAIT | MSG_TRUNC, from.data(), &from_size);
    if (size < 0) return;
    if (static_cast<std::size_t>(size) > received_.size()) return refuse(leg, Refusal::size);
    std::span<std::uint8_t> bytes(received_.data(), static_cast<std::size_t>(size));
    if (!leg.peer) {
        if (SecurityExchange::keep_hello(leg, bytes, from)) return;
        return refuse(leg, Refusal::not_connected);
    }
    if (leg.fax && leg.fax->is_t38()) {
        if (!Faxes::take(leg, bytes, from, now)) refuse(leg, Refusal::malformed);
        return;
    }
    if (leg.security) {
        bytes = security_.take(leg, bytes, from, now);
        if (bytes.empty()) return;
    }
    if (leg.peer->rtcp_mux && is_rtcp(bytes)) return rtcp_.take(leg, bytes, from, now);
    const auto packet = is_rtcp(bytes) ? std::nullopt : parse_rtp(bytes);
    if (!packet) return refuse(leg, Refusal::malformed);
    if (const auto reason = judge(leg, from, *packet, now)) return refuse(leg, *reason);

    leg.counts->received.add();
    leg.receiver.take(packet->header, now);
    const Format& format = leg.peer->format;
    const std::uint8_t type = packet->header.payload_type;
    if (type == format.payload_type) {
        leg.last_format.reset();
        take_audio(leg, *packet, format, Kind::audio, now, tick);
    } else if (type == format.comfort_noise) {
        leg.noisy = true;
        take_audio(leg, *packet, format, Kind::noise, now, tick);
    } else if (type != format.telephone_event) {
        take_audio(leg, *packet, *leg.last_format, Kind::audio, now, tick);
    } else {
        take_event(leg, *packet, now);
    }
}

std::optional<Refusal> Inlet::judge(LegAudio& leg, const Address& from, const RtpPacket& packet,
                                    Moment now) const {
    const Format& format = leg.peer->format;
    const std::uint8_t type = packet.header.payload_type;
    const bool agreed = type == format.payload_type || type == format.telephone_event ||
                        type == format.comfort_noise || is_of_last_format(leg, type, now);
    const bool of_last_leg = from == leg.ports.last_source && packet.header.ssrc == leg.ports.last_ssrc;
    if (leg.source.locked() != from) {
        // Only a packet that could be used shows where the peer is.
        if (of_last_leg) return Refusal::stranger;
        if (!agreed && leg.source.target() != from) return Refusal::stranger;
        if (!leg.source.admit(from, packet.header)) return Refusal::stranger;
    }
    leg.heard_at = now;
    if (!leg.peer->receive) return Refusal::on_hold;
    if (!agreed) return Refusal::payload_type;
    if (packet.payload.empty() || packet.payload.size() > most_audio) return Refusal::size;
    return std::nullopt;
}

void Inlet::refuse(LegAudio& leg, Refusal reason) {
    leg.counts->refused.add();
    traffic_.refused(reason);
}

/// The leg and all who hear it know digits only as tones, and hear its audio as it is: to listen for digits
/// would cost a fifth of the relay and serve nobody.
bool Inlet::all_take_tones(const LegAudio& leg) {
    const auto takes_tones = [](const LegAudio* ear) {
        return ear->mode == Mode::relay && ear->peer->digits == DigitWay::tones;
    };
    return leg.peer->digits == DigitWay::tones && !leg.listeners.empty() &&
           std::ranges::all_of(leg.listeners, takes_tones);
}

void Inlet::take_audio(LegAudio& leg, const RtpPacket& packet, const Format& format, Kind kind, Moment now,
                       std::uint64_t tick) {
    if (leg.fax) return leg.fax->hear(packet, format, now);
    bool mixed = false;
    const bool noise = kind == Kind::noise;
    if (leg.tones && !noise && (hear_all_digits_ || !all_take_tones(leg)))
        digits_.hear(leg, packet, format, now);
    // While a digit sounds that others are sent by its own way, they do not hear it too.
    RtpPacket quiet = packet;
    if (!noise && now < leg.silent_until)
        quiet.payload = quiet_payload(format.codec, packet.payload, silence_);
    if (leg.recording != 0 && !noise && !leg.listeners.empty())
        tap(leg, leg.recording, Side::own, packet, format.codec, now);
    for (LegAudio* ear : leg.listeners) {
        if (ear->recording != 0 && !noise) tap(leg, ear->recording, Side::other, packet, format.codec, now);
        if (ear->mode == Mode::relay) {
            const bool as_it_is = leg.tones && ear->peer->digits == DigitWay::tones;
            relay(leg, *ear, as_it_is ? packet : quiet, format, kind, now);
        }
        // Who does not know this noise is to hear it mixed, beginning with this very packet.
        const bool unknown = noise && ear->mode == Mode::relay && !ear->peer->format.comfort_noise;
        mixed = mixed || ear->mode == Mode::mix || unknown;
    }
    if (!mixed) return;
    const int rate = format.codec == Codec::opus ? decoding_rate(leg) : narrow_rate;
    if (!leg.voice) {
        leg.voice = std::make_unique<Voice>(format, rate);
        leg.voice->set_gain(leg.peer->gain);
    }
    leg.voice->set_format(format, rate, now);
    leg.voice->write({packet.header.timestamp, packet.header.ssrc, noise}, quiet.payload, tick, now);
}

/// One copy into the ring is all that a recording costs here: it is decoded elsewhere.
void Inlet::tap(const LegAudio& leg, std::uint64_t recording, Side side, const RtpPacket& packet, Codec codec,
                Moment now) {
    taps_.push({.recording = recording,
                .speaker = leg.id,
                .at = now,
                .ssrc = packet.header.ssrc,
                .timestamp = packet.header.timestamp,
                .codec = codec,
                .side = side},
               packet.payload);
}

void Inlet::take_event(LegAudio& leg, const RtpPacket& packet, Moment now) {
    const auto event = parse_telephone_event(packet.payload);
    if (!event) return refuse(leg, Refusal::malformed);
    if (digits_.repeats(leg, *event, packet.header, now)) return;
    for (LegAudio* ear : leg.listeners) {
        if (!takes_events(*ear) || !ear->digits_sent.idle()) continue;
        if (ear->event_queued == std::pair(leg.id, packet.header.timestamp)) continue;
        if (ear->mode == Mode::relay)
            relay(leg, *ear, packet, leg.peer->format, Kind::event, now);
        else if (ear->mode == Mode::mix)
            digits_.pass_on(leg, *ear, *event, packet.header, now);
    }
}

void Inlet::relay(const LegAudio& leg, LegAudio& ear, const RtpPacket& packet, const Format& from, Kind kind,
                  Moment now) {
    if (!ear.digits_sent.idle()) return;
    const Format& to = ear.peer->format;
    // Of the codec before: only a mixer could use it.
    if (&from != &leg.peer->format && !can_relay(from, to)) return;
    if (kind == Kind::noise && !to.comfort_noise) return;
    auto header = ear.sender.relay(packet.header, leg.id, kind == Kind::event, now);
    if (!header) return traffic_.odd(Oddity::late);
    header->payload_type = kind == Kind::event   ? *to.telephone_event
                           : kind == Kind::noise ? *to.comfort_noise
                                                 : to.payload_type;
    write_rtp_header(*header, sending_.data());
    std::uint8_t* payload = sending_.data() + rtp_header_size;
    if (kind != Kind::audio || to.codec == from.codec) {
        std::ranges::copy(packet.payload, payload);
        if (kind == Kind::event) adapt_event_clock(from, to, payload);
    } else {
        const auto& table = recoding(from.codec, to.codec);
        std::ranges::transform(packet.payload, payload, [&](std::uint8_t byte) { return table[byte]; });
    }
    if (send_rtp(ear, std::span(sending_).first(rtp_header_size + packet.payload.size()), traffic_)) {
        traffic_.relayed();
    }
}

}  // namespace patchbay::media
