#include "media/security_exchange.hpp"

#include "media/packet_kind.hpp"

namespace patchbay::media {

void SecurityExchange::agree(LegAudio& leg, const Protection& protection, Moment now) {
    const auto hello = std::move(leg.hello);
    if (protection.none()) {
        leg.security.reset();
        return;
    }
    if (!leg.security) leg.security = std::make_unique<Security>(identity_);
    leg.security->agree(protection, now);
    if (hello) leg.security->take_dtls(hello->bytes, hello->from, leg.source.target(), sender_of(leg), now);
    look_after(leg, now);
}

bool SecurityExchange::keep_hello(LegAudio& leg, std::span<const std::uint8_t> packet, const Address& from) {
    if (packet_kind(packet) != PacketKind::dtls) return false;
    if (!leg.hello) leg.hello = std::make_unique<EarlyHello>();
    leg.hello->from = from;
    leg.hello->bytes.assign(packet.begin(), packet.end());
    return true;
}

Security::Send SecurityExchange::sender_of(const LegAudio& leg) {
    return [this, &leg](std::span<const std::uint8_t> bytes, const Address& to) {
        const auto sent = sendto(leg.ports.rtp.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                                 to.data(), to.size());
        if (sent < 0) traffic_.send_failed();
    };
}

std::span<std::uint8_t> SecurityExchange::take(LegAudio& leg, std::span<std::uint8_t> packet,
                                               const Address& from, Moment now) {
    Security& security = *leg.security;
    const PacketKind kind = packet_kind(packet);
    switch (kind) {
        case PacketKind::rtp:
        case PacketKind::rtcp: {
            const auto plain = security.open(packet, kind == PacketKind::rtcp, now);
            return plain.empty() ? refuse(leg, Refusal::protection) : plain;
        }
        case PacketKind::stun:
            if (!security.take_check(packet, from, sender_of(leg))) return refuse(leg, Refusal::unverified);
            if (security.nominated()) leg.source.fix(security.nominated());
            leg.heard_at = now;
            look_after(leg, now);
            return {};
        case PacketKind::dtls:
            if (!security.take_dtls(packet, from, leg.source.target(), sender_of(leg), now))
                return refuse(leg, Refusal::unverified);
            return {};
        case PacketKind::other:
            break;
    }
    return refuse(leg, Refusal::malformed);
}

void SecurityExchange::look_after(LegAudio& leg, Moment now) {
    leg.security->look_after(leg.source.target(), sender_of(leg), now);
}

std::span<std::uint8_t> SecurityExchange::refuse(LegAudio& leg, Refusal reason) {
    leg.counts->refused.add();
    traffic_.refused(reason);
    return {};
}

}  // namespace patchbay::media
