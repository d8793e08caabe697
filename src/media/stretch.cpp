#include "media/stretch.hpp"

#include <algorithm>
#include <cmath>

namespace patchbay::media {

namespace {

/// How alike the first `lag` samples and the `lag` after them are: 1 for the same, 0 for strangers.
double likeness(std::span<const std::int16_t> samples, std::size_t lag, std::size_t step) {
    double both = 0, first = 0, second = 0;
    for (std::size_t i = 0; i < lag; i += step) {
        const double a = samples[i], b = samples[i + lag];
        both += a * b;
        first += a * a;
        second += b * b;
    }
    return first + second < 1 ? 1 : both / std::sqrt(first * second + 1);
}

}  // namespace

std::size_t remove_period(std::span<std::int16_t> samples, int rate, std::size_t most) {
    constexpr int shortest_hertz = 400;  // 2.5 ms
    const auto shortest = static_cast<std::size_t>(rate / shortest_hertz);
    const std::size_t longest = std::min({samples.size() / 2, static_cast<std::size_t>(rate / 100), most});
    const auto step = static_cast<std::size_t>(std::max(rate / 8000, 1));  // 8 kHz tell the pitch well enough
    std::size_t best = 0;
    double best_likeness = -1;
    for (std::size_t lag = shortest; lag <= longest; lag += step) {
        const double found = likeness(samples, lag, step);
        if (found <= best_likeness) continue;
        best_likeness = found;
        best = lag;
    }
    if (best == 0) return samples.size();
    for (std::size_t i = 0; i < best; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(best);
        samples[i + best] =
            static_cast<std::int16_t>(std::lround(samples[i] * (1 - share) + samples[i + best] * share));
    }
    std::copy(samples.begin() + static_cast<std::ptrdiff_t>(best), samples.end(), samples.begin());
    return samples.size() - best;
}

}  // namespace patchbay::media
