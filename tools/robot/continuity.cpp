#include "continuity.hpp"

#include <algorithm>
#include <cmath>

#include "media/tone.hpp"

namespace patchbay::robot {

namespace {

constexpr std::size_t window_samples = 160, block_samples = 40;  // 20 and 5 ms
constexpr double audible = -50, steady_within = 6;               // dB

}  // namespace

void Continuity::begin(double level) {
    *this = Continuity();
    level_ = level;
}

void Continuity::feed(std::span<const std::int16_t> samples, std::uint32_t timestamp, int clock_rate) {
    if (clock_rate != clock_rate_) {
        clock_rate_ = clock_rate;
        base_ = timestamp;
        base_place_ = next_;
    }
    const auto since = std::int64_t{static_cast<std::int32_t>(timestamp - base_)};
    const std::int64_t place = base_place_ + since * 8000 / clock_rate;
    if (place < next_) return;
    windows_ += (place - next_) / static_cast<std::int64_t>(window_samples);
    base_ = timestamp;
    base_place_ = next_ = place;
    while (!samples.empty()) {
        const auto window = samples.first(std::min(samples.size(), window_samples));
        take_window(window, next_);
        next_ += static_cast<std::int64_t>(window.size());
        samples = samples.subspan(window.size());
    }
}

void Continuity::take_window(std::span<const std::int16_t> window, std::int64_t place) {
    ++windows_;
    if (std::abs(media::loudness(window) - level_) <= steady_within) ++steady_;
    for (; !window.empty(); window = window.subspan(std::min(window.size(), block_samples))) {
        const auto block = window.first(std::min(window.size(), block_samples));
        const auto end = place + static_cast<std::int64_t>(block.size());
        if (media::loudness(block) > audible) {
            if (heard_to_) longest_ = std::max(longest_, place - *heard_to_);
            heard_to_ = end;
        }
        place = end;
    }
}

double Continuity::steady() const {
    return windows_ == 0 ? 0 : static_cast<double>(steady_) / static_cast<double>(windows_);
}

}  // namespace patchbay::robot
