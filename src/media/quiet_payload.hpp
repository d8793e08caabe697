// A packet of silence in the place of one of sound: the same codec, as long in time.
#pragma once

#include <cstdint>
#include <span>

#include "media/format.hpp"

namespace patchbay::media {

/// Written into `out`, which has room for `payload`'s size and is valid as long. `payload` itself where there
/// is no such packet: Opus that makes no sense, has frames below 10 ms, or is too short to hold any.
std::span<const std::uint8_t> quiet_payload(Codec codec, std::span<const std::uint8_t> payload,
                                            std::span<std::uint8_t> out);

}  // namespace patchbay::media
