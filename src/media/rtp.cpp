#include "media/rtp.hpp"

#include "media/bytes.hpp"

namespace patchbay::media {

namespace {

constexpr unsigned version = 2;

/// Bytes before the payload, or nothing when they run over the end.
std::optional<std::size_t> header_size(std::span<const std::uint8_t> bytes) {
    std::size_t size = rtp_header_size + 4 * (bytes[0] & 0x0FU);
    if ((bytes[0] & 0x10) != 0) {
        if (bytes.size() < size + 4) return std::nullopt;
        size += 4 + 4 * std::size_t{read16(bytes.data() + size + 2)};
    }
    if (size > bytes.size()) return std::nullopt;
    return size;
}

}  // namespace

std::optional<RtpPacket> parse_rtp(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < rtp_header_size || bytes[0] >> 6 != version) return std::nullopt;
    const auto start = header_size(bytes);
    if (!start) return std::nullopt;
    std::size_t padding = 0;
    if ((bytes[0] & 0x20) != 0) {
        padding = bytes.back();
        if (padding == 0 || padding > bytes.size() - *start) return std::nullopt;
    }
    return RtpPacket{{.marker = (bytes[1] & 0x80) != 0,
                      .payload_type = static_cast<std::uint8_t>(bytes[1] & 0x7F),
                      .sequence = read16(bytes.data() + 2),
                      .timestamp = read32(bytes.data() + 4),
                      .ssrc = read32(bytes.data() + 8)},
                     bytes.subspan(*start, bytes.size() - *start - padding)};
}

void write_rtp_header(const RtpHeader& header, std::uint8_t* to) {
    to[0] = version << 6;
    to[1] = static_cast<std::uint8_t>((header.marker ? 0x80 : 0) | (header.payload_type & 0x7F));
    write16(to + 2, header.sequence);
    write32(to + 4, header.timestamp);
    write32(to + 8, header.ssrc);
}

bool is_rtcp(std::span<const std::uint8_t> bytes) {
    return bytes.size() >= 2 && bytes[0] >> 6 == version && bytes[1] >= 192 && bytes[1] <= 223;
}

}  // namespace patchbay::media
