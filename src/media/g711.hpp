// G.711: 8,000 samples a second of 16 bits, as one byte of A or µ law each, by tables made at compile time.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "media/format.hpp"

namespace patchbay::media {

/// Samples a second, and Hz of the RTP clock (RFC 3551).
constexpr int g711_rate = 8000;

std::uint8_t encode(Codec codec, std::int16_t sample);
std::int16_t decode(Codec codec, std::uint8_t byte);

/// Encodes as many samples as fit into `out`. Returns how many.
std::size_t encode(Codec codec, std::span<const std::int16_t> samples, std::span<std::uint8_t> out);
/// Decodes as many bytes as fit into `out`. Returns how many.
std::size_t decode(Codec codec, std::span<const std::uint8_t> bytes, std::span<std::int16_t> out);

/// For each byte of `from`, the byte of `to` that sounds most like it.
const std::array<std::uint8_t, 256>& recoding(Codec from, Codec to);

/// The byte that sounds as silence.
std::uint8_t silence(Codec codec);

}  // namespace patchbay::media
