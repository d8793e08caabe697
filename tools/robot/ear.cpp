#include "ear.hpp"

#include <algorithm>
#include <cmath>

#include "media/tone.hpp"

namespace patchbay::robot {

namespace {

constexpr std::size_t pieces_in_window = 10;  ///< of 20 ms
constexpr Milliseconds longest_wait{300};     ///< the window, and what a busy machine may be late
constexpr double nothing = -120;
/// What quantization and the edges of a tone leave behind lies at least this far below the loudest tone.
constexpr double residue = -18;

double power(double level) {
    return level <= nothing ? 0 : std::pow(10, level / 10);
}
double level_of(double power_sum) {
    return power_sum <= 1e-12 ? nothing : 10 * std::log10(power_sum);
}

}  // namespace

void Ear::feed(std::span<const std::int16_t> samples, Ticks now) {
    while (!samples.empty()) {
        Piece& piece = pieces_.emplace_back();
        piece.arrived = now;
        const auto count = std::min(samples.size(), piece.samples.size());
        std::copy_n(samples.begin(), count, piece.samples.begin());
        samples = samples.subspan(count);
        if (pieces_.size() > pieces_in_window) pieces_.pop_front();
    }
}

Heard Ear::heard(Ticks now) const {
    std::vector<std::int16_t> window(pieces_in_window * 160);
    auto piece =
        std::ranges::find_if(pieces_, [&](const Piece& p) { return now - p.arrived <= longest_wait; });
    auto at = window.end() - (pieces_.end() - piece) * 160;
    for (; piece != pieces_.end(); ++piece) at = std::ranges::copy(piece->samples, at).out;
    Heard result;
    result.level = media::loudness(window);
    double known = 0, loudest = nothing;
    for (const double hertz : hertz_) {
        const double level = result.level <= nothing ? nothing : media::tone_level(window, hertz);
        result.tones.push_back(level);
        known += power(level);
        loudest = std::max(loudest, level);
    }
    const double rest = level_of(power(result.level) - known);
    result.other = rest < loudest + residue ? nothing : rest;
    return result;
}

}  // namespace patchbay::robot
