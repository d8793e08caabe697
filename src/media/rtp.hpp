// RTP packets on the wire (RFC 3550, section 5): read without copying, checked against every lie a header can
// tell, and written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace patchbay::media {

/// The fixed header's fields that we set and use.
struct RtpHeader {
    bool marker = false;
    std::uint8_t payload_type = 0;  ///< 0 to 127
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t ssrc = 0;
};

/// Bytes of the header as we write it: no contributing sources, no extension.
constexpr std::size_t rtp_header_size = 12;

/// A packet read. `payload` points into the bytes it was read from.
struct RtpPacket {
    RtpHeader header;
    std::span<const std::uint8_t> payload;
};

/// The packet in these bytes; nothing when they are no RTP of version 2, or when contributing sources,
/// extension or padding claim more than there is. The payload may be empty.
std::optional<RtpPacket> parse_rtp(std::span<const std::uint8_t> bytes);

/// Writes the header into the first rtp_header_size bytes at `to`.
void write_rtp_header(const RtpHeader& header, std::uint8_t* to);

/// True when the packet is RTCP rather than RTP by its second byte (RFC 5761, section 4).
bool is_rtcp(std::span<const std::uint8_t> bytes);

/// How far `b` is ahead of `a`, negative when behind, over the wrap.
constexpr int sequence_distance(std::uint16_t a, std::uint16_t b) {
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(b - a));
}

}  // namespace patchbay::media
