// Finds the instant at which a stream that was silent begins to sound: what one phone clicks, the other
// hears, and the time between is the delay.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>

namespace patchbay::robot {

/// Not thread-safe. All instants in microseconds of one clock.
class Onset {
  public:
    /// One packet's samples at 8 kHz, which came at that instant. Returns when its first loud sample is to be
    /// played, in case nothing loud was heard in the 100 ms before it.
    std::optional<std::int64_t> feed(std::span<const std::int16_t> samples, std::int64_t arrived) {
        std::optional<std::int64_t> begun;
        for (const std::int16_t sample : samples) {
            if (std::abs(int{sample}) >= loud) {
                if (!begun && arrived - heard_at_ > silence) begun = arrived;
                heard_at_ = arrived;
            }
            arrived += 125;
        }
        return begun;
    }

  private:
    static constexpr int loud = 3277;  // a tenth of full scale
    static constexpr std::int64_t silence = 100'000;
    std::int64_t heard_at_ = 0;
};

}  // namespace patchbay::robot
