// Keeps the sum of several voices within what a sample can hold, softly: it is turned down over a frame and
// up again over half a second, instead of being cut off.
#pragma once

#include <cstdint>
#include <span>

namespace patchbay::media {

/// One ear's.
class Limiter {
  public:
    /// `out` is as long as `sum`.
    void limit(std::span<const std::int32_t> sum, std::span<std::int16_t> out);
    /// 1: nothing is turned down.
    float gain() const { return gain_; }

  private:
    float gain_ = 1;
};

}  // namespace patchbay::media
