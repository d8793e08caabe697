#include "media/tone.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "media/g711.hpp"

namespace patchbay::media {

namespace {

constexpr double full_scale = 32767;
constexpr double no_level = -120;
constexpr double turn = 2 * std::numbers::pi;

double decibels(double amplitude) {
    return amplitude <= 0 ? no_level : std::max(no_level, 20 * std::log10(amplitude / full_scale));
}

}  // namespace

Tone::Tone(double hertz, double level_db)
    : step_(turn * hertz / g711_rate), amplitude_(full_scale * std::pow(10, level_db / 20)) {}

void Tone::fill(std::span<std::int16_t> out) {
    for (std::int16_t& sample : out) {
        sample = static_cast<std::int16_t>(std::lround(amplitude_ * std::sin(phase_)));
        phase_ += step_;
        if (phase_ > turn) phase_ -= turn;
    }
}

double tone_level(std::span<const std::int16_t> samples, double hertz) {
    if (samples.empty()) return no_level;
    const auto count = static_cast<double>(samples.size());
    const double coefficient = 2 * std::cos(turn * hertz / g711_rate);
    double before = 0, last = 0, window_sum = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double window = 0.5 - 0.5 * std::cos(turn * (static_cast<double>(i) + 0.5) / count);
        window_sum += window;
        const double now = samples[i] * window + coefficient * last - before;
        before = last;
        last = now;
    }
    const double power = last * last + before * before - coefficient * last * before;
    return decibels(2 * std::sqrt(std::max(power, 0.0)) / window_sum);
}

double loudness(std::span<const std::int16_t> samples) {
    if (samples.empty()) return no_level;
    double squares = 0;
    for (const std::int16_t sample : samples) squares += static_cast<double>(sample) * sample;
    return decibels(std::sqrt(2 * squares / static_cast<double>(samples.size())));
}

ToneDetector::ToneDetector(std::vector<double> hertz, std::size_t block)
    : hertz_(std::move(hertz)), levels_(hertz_.size(), no_level), block_(block) {}

bool ToneDetector::feed(std::span<const std::int16_t> samples) {
    waiting_.insert(waiting_.end(), samples.begin(), samples.end());
    std::size_t start = 0;
    for (; waiting_.size() - start >= block_; start += block_) {
        const std::span block(waiting_.data() + start, block_);
        std::ranges::transform(hertz_, levels_.begin(), [&](double tone) { return tone_level(block, tone); });
        ++blocks_;
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(start));
    return start > 0;
}

std::vector<double> ToneDetector::heard(double least_db) const {
    std::vector<double> found;
    for (std::size_t i = 0; i < hertz_.size(); ++i) {
        if (levels_[i] >= least_db) found.push_back(hertz_[i]);
    }
    return found;
}

}  // namespace patchbay::media
