// Audio of one sample rate as audio of another, without a break from frame to frame (speexdsp).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace patchbay::media {

/// One stream's; adds 2 to 3 ms of delay.
class Resampler {
  public:
    /// Between any two of codec.hpp's rates. Throws std::bad_alloc when memory is short.
    Resampler(int from, int to);
    ~Resampler();
    Resampler(Resampler&&) noexcept;
    Resampler& operator=(Resampler&&) noexcept;

    int from() const { return from_; }
    int to() const { return to_; }
    /// Takes a frame and fills one of the same length in time.
    void process(std::span<const std::int16_t> in, std::span<std::int16_t> out);
    /// What comes next has nothing to do with what was before.
    void reset();

  private:
    struct State;
    int from_, to_;
    std::unique_ptr<State> state_;
};

/// A whole recording at another rate.
std::vector<float> resampled(std::span<const float> samples, int from, int to);

}  // namespace patchbay::media
