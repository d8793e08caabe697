#include "media/limiter.hpp"

#include <algorithm>
#include <cstdlib>

namespace patchbay::media {

namespace {

constexpr float ceiling = 32000;
constexpr float release = 0.04F;  ///< of the way back to 1, a frame of 20 ms

std::int16_t saturated(float sample) {
    return static_cast<std::int16_t>(std::clamp(sample, -32768.F, 32767.F));
}

}  // namespace

void Limiter::limit(std::span<const std::int32_t> sum, std::span<std::int16_t> out) {
    std::int32_t peak = 0;
    for (const std::int32_t sample : sum) peak = std::max(peak, std::abs(sample));
    const float fits = peak > ceiling ? ceiling / static_cast<float>(peak) : 1;
    if (gain_ == 1 && fits == 1) {
        std::ranges::transform(sum, out.begin(), [](std::int32_t s) { return static_cast<std::int16_t>(s); });
        return;
    }
    float wanted = std::min(gain_ + release, fits);
    if (wanted > 0.999F) wanted = 1;
    const float step = (wanted - gain_) / static_cast<float>(sum.size());
    for (std::size_t i = 0; i < sum.size(); ++i) {
        gain_ += step;
        out[i] = saturated(static_cast<float>(sum[i]) * gain_);
    }
    gain_ = wanted;
}

}  // namespace patchbay::media
