// What a stream sounds like just now: the levels of the tones the robot knows, and of everything else, in
// the last 200 ms.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "base/clock.hpp"

namespace patchbay::robot {

/// Levels in dB of a full-scale sine; -120 is nothing. `other` is what is left when all known tones are taken
/// away: music, a stranger, distortion.
struct Heard {
    std::vector<double> tones;  ///< in the order of Ear's tones
    double level = -120;
    double other = -120;
};

/// Not thread-safe.
class Ear {
  public:
    /// `hertz`: the tones to tell apart; at least 30 Hz from each other.
    explicit Ear(std::vector<double> hertz) : hertz_(std::move(hertz)) {}

    /// One packet's samples, as they arrive. Only 20 ms pieces are kept whole; others are cut or padded.
    void feed(std::span<const std::int16_t> samples, Ticks now);
    /// The last 200 ms. What has not arrived counts as silence.
    Heard heard(Ticks now) const;
    const std::vector<double>& hertz() const { return hertz_; }

  private:
    struct Piece {
        Ticks arrived{};
        std::array<std::int16_t, 160> samples{};
    };
    std::vector<double> hertz_;
    std::deque<Piece> pieces_;
};

}  // namespace patchbay::robot
