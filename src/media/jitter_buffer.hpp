// The few packets of a leg that wait for the mixer, so that it can take an even 20 ms at each tick although
// they come unevenly. Keeps the leg's samples by their timestamps.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "media/format.hpp"

namespace patchbay::media {

/// Samples a mixer's tick takes: 20 ms.
constexpr std::size_t frame_samples = 160;
using Frame = std::array<std::int16_t, frame_samples>;

class JitterBuffer {
  public:
    /// A packet came. Too late for its place, it is left out; far ahead of all, the wait begins anew with it.
    void write(std::uint32_t timestamp, Codec codec, std::span<const std::uint8_t> payload);
    /// The next 20 ms; silence where nothing came. False when there was nothing at all.
    bool read(Frame& frame);
    /// Forgets what waits.
    void reset();

  private:
    static constexpr std::size_t capacity = 4096;  ///< samples, about half a second
    std::size_t waiting() const { return static_cast<std::size_t>(end_ - next_); }
    void begin(std::uint32_t timestamp);
    void put(std::uint32_t timestamp, std::int16_t sample) { ring_[timestamp % capacity] = sample; }
    void shorten();

    std::array<std::int16_t, capacity> ring_{};
    std::uint32_t next_ = 0;  ///< timestamp the next read begins at
    std::uint32_t end_ = 0;   ///< timestamp after the last sample that came
    bool flowing_ = false;
    int reads_ = 0;  ///< since the wait was last judged
    std::size_t least_waiting_ = capacity;
};

}  // namespace patchbay::media
