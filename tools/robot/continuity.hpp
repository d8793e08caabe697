// How unbroken a stream sounds on its own clock, that of its timestamps, as a phone with a patient buffer
// would play it: the longest silence between sounds, and how steady its level is. What never came is silence.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace patchbay::robot {

/// Not thread-safe.
class Continuity {
  public:
    /// Forgets what came. `level`: what the stream should have, in dB of a full-scale sine.
    void begin(double level);
    /// One packet's samples at 8 kHz. `clock_rate`: Hz of the timestamp. Packets older than others are left
    /// out.
    void feed(std::span<const std::int16_t> samples, std::uint32_t timestamp, int clock_rate);

    /// Milliseconds, between the first sound and the last one.
    std::int64_t longest_silence() const { return longest_ / 8; }
    /// The share of 20 ms windows within 6 dB of the level, from the first packet on; 0 when none came.
    double steady() const;

  private:
    void take_window(std::span<const std::int16_t> window, std::int64_t place);

    double level_ = -12;
    int clock_rate_ = 0;  ///< 0: nothing came yet
    std::uint32_t base_ = 0;
    // In samples at 8 kHz.
    std::int64_t base_place_ = 0, next_ = 0, longest_ = 0;
    std::optional<std::int64_t> heard_to_;
    std::int64_t windows_ = 0, steady_ = 0;
};

}  // namespace patchbay::robot
