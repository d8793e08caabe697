// What a datagram on a media port is, by its first byte (RFC 7983, section 7) and, for RTCP, its second
// (RFC 5761, section 4).
#pragma once

#include <cstdint>
#include <span>

namespace patchbay::media {

enum class PacketKind : std::uint8_t { stun, dtls, rtp, rtcp, other };

constexpr PacketKind packet_kind(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < 2) return PacketKind::other;
    const std::uint8_t first = bytes[0];
    if (first <= 3) return PacketKind::stun;
    if (first >= 20 && first <= 63) return PacketKind::dtls;
    if (first < 128 || first > 191) return PacketKind::other;
    return bytes[1] >= 192 && bytes[1] <= 223 ? PacketKind::rtcp : PacketKind::rtp;
}

}  // namespace patchbay::media
