// Quiet noise in place of a background that the sender describes instead of sending it (RFC 3389).
#pragma once

#include <cstdint>
#include <random>
#include <span>

namespace patchbay::media {

class ComfortNoise {
  public:
    /// The payload of a packet: its first byte is the level; what it says of the spectrum is not used.
    void describe(std::span<const std::uint8_t> payload);
    /// Goes on with the noise.
    void fill(std::span<std::int16_t> out);

  private:
    double amplitude_ = 0;
    std::minstd_rand random_{1};
};

}  // namespace patchbay::media
