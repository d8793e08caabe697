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

bool send_audio(LegAudio& leg, std::span<std::uint8_t> packet, std::uint64_t first, Traffic& traffic,
                Moment now) {
    const Format& format = leg.peer->format;
    RtpHeader header = leg.sender.mixed(first, static_cast<std::uint32_t>(format.clock_rate / 50), now);
    header.payload_type = format.payload_type;
    write_rtp_header(header, packet.data());
    return send_rtp(leg, packet, traffic);
}

}  // namespace patchbay::media
