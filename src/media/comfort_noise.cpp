#include "media/comfort_noise.hpp"

#include <algorithm>
#include <cmath>

namespace patchbay::media {

void ComfortNoise::describe(std::span<const std::uint8_t> payload) {
    if (payload.empty()) return;
    // dB below the overload point, that of a square wave of full scale (RFC 3389, section 3). Evenly
    // distributed samples have a third of the power of the square wave at their peak.
    const int level = std::clamp<int>(payload.front() & 0x7F, 20, 127);
    amplitude_ = 32767 * std::sqrt(3.0) * std::pow(10, -level / 20.0);
}

void ComfortNoise::fill(std::span<std::int16_t> out) {
    std::uniform_real_distribution<double> even(-amplitude_, amplitude_);
    std::ranges::generate(out, [&] { return static_cast<std::int16_t>(std::lround(even(random_))); });
}

}  // namespace patchbay::media
