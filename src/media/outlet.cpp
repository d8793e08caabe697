#include "media/outlet.hpp"

#include <algorithm>

namespace patchbay::media {

bool send_rtp(LegAudio& leg, std::span<const std::uint8_t> packet, Traffic& traffic) {
    const Address& to = leg.source.target();
    const std::size_t octets = packet.size() - rtp_header_size;
    if (leg.security) packet = leg.security->seal(packet, false);
    if (packet.empty()) return false;
    const auto sent = sendto(leg.ports.rtp.get(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                             to.data(), to.size());
    if (sent < 0) {
        traffic.send_failed();
        return false;
    }
    leg.counts->sent.add();
    leg.counts->octets_sent.add(octets);
    return true;
}

void send_event(LegAudio& leg, const TelephoneEvent& event, bool marker, Traffic& traffic) {
    RtpHeader header = leg.sender.event(leg.event_timestamp);
    header.marker = marker;
    header.payload_type = *leg.peer->format.telephone_event;
    const auto payload = build_telephone_event(event);
    std::array<std::uint8_t, rtp_header_size + payload.size()> packet{};
    write_rtp_header(header, packet.data());
    std::ranges::copy(payload, packet.begin() + rtp_header_size);
    send_rtp(leg, packet, traffic);
}

bool send_digits(LegAudio& leg, Traffic& traffic, Moment now) {
    const bool may_send =
        leg.peer && leg.peer->send && leg.peer->format.telephone_event && leg.source.target();
    const auto step = leg.digits_sent.next();
    if (step && may_send) {
        if (step->first) leg.event_timestamp = leg.sender.event_timestamp(now);
        leg.event_source_timestamp.reset();
        TelephoneEvent event = step->event;
        event.duration =
            static_cast<std::uint16_t>(event.duration * leg.peer->format.telephone_event_clock / 8000);
        send_event(leg, event, step->first, traffic);
    }
    return !leg.digits_sent.idle();
}

}  // namespace patchbay::media
