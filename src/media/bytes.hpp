// Whole numbers in network byte order, as RTP and RTCP carry them.
#pragma once

#include <cstdint>

namespace patchbay::media {

constexpr std::uint16_t read16(const std::uint8_t* from) {
    return static_cast<std::uint16_t>(from[0] << 8 | from[1]);
}

constexpr std::uint32_t read32(const std::uint8_t* from) {
    return static_cast<std::uint32_t>(read16(from)) << 16 | read16(from + 2);
}

constexpr void write16(std::uint8_t* to, std::uint16_t value) {
    to[0] = static_cast<std::uint8_t>(value >> 8);
    to[1] = static_cast<std::uint8_t>(value);
}

constexpr void write32(std::uint8_t* to, std::uint32_t value) {
    write16(to, static_cast<std::uint16_t>(value >> 16));
    write16(to + 2, static_cast<std::uint16_t>(value));
}

}  // namespace patchbay::media
