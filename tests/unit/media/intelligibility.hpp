// How intelligible speech still is: after the short-time objective intelligibility of Taal and others (2011),
// the likeness of the envelopes of 15 third-octave bands, 384 ms at a time. 1 is all; from 0.75 on nearly
// every word of a sentence is understood. Each part is compared where it fits best, since delay that changes
// slowly hides no word.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

namespace patchbay::media::testing {

constexpr std::size_t bands = 15;
using Envelope = std::vector<std::array<double, bands>>;

/// The bands' levels every 8 ms, in windows of 32 ms. Samples at 8 kHz.
inline Envelope envelope_of(std::span<const std::int16_t> samples) {
    constexpr std::size_t window = 256, hop = 64;
    std::vector<double> cosine(window), hann(window);
    for (std::size_t i = 0; i < window; ++i) {
        cosine[i] = std::cos(2 * std::numbers::pi * static_cast<double>(i) / window);
        hann[i] = 0.5 - 0.5 * cosine[i];
    }
    Envelope envelope;
    for (std::size_t at = 0; at + window <= samples.size(); at += hop) {
        auto& levels = envelope.emplace_back();
        for (std::size_t bin = 4; bin < window / 2; ++bin) {
            double real = 0, imaginary = 0;
            for (std::size_t i = 0; i < window; ++i) {
                const double sample = samples[at + i] * hann[i];
                real += sample * cosine[bin * i % window];
                imaginary += sample * cosine[(bin * i + window / 4) % window];
            }
            const double octaves = std::log2(static_cast<double>(bin) * 8000 / window / 134);
            const auto band = static_cast<std::size_t>(std::max(octaves * 3, 0.0));
            if (band < bands) levels[band] += real * real + imaginary * imaginary;
        }
        for (double& level : levels) level = std::sqrt(level);
    }
    return envelope;
}

/// The mean correlation of the bands over 48 steps, from `a` and `b` on.
inline double likeness(const Envelope& clean, std::size_t a, const Envelope& heard, std::size_t b) {
    constexpr std::size_t steps = 48;
    double sum = 0;
    for (std::size_t band = 0; band < bands; ++band) {
        double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
        for (std::size_t i = 0; i < steps; ++i) {
            const double p = clean[a + i][band], q = heard[b + i][band];
            x += p, y += q, xx += p * p, yy += q * q, xy += p * q;
        }
        const double spread =
            std::sqrt(std::max(xx - x * x / steps, 0.0) * std::max(yy - y * y / steps, 0.0));
        if (spread > 0) sum += (xy - x * y / steps) / spread;
    }
    return sum / bands;
}

inline double intelligibility(std::span<const std::int16_t> said, std::span<const std::int16_t> heard) {
    constexpr std::size_t steps = 48, latest = 60;  // 480 ms
    const Envelope clean = envelope_of(said), other = envelope_of(heard);
    double sum = 0;
    int parts = 0;
    for (std::size_t at = steps; at + steps + latest <= std::min(clean.size(), other.size());
         at += steps, ++parts) {
        double best = 0;
        for (std::size_t late = 0; late < latest; ++late)
            best = std::max(best, likeness(clean, at, other, at + late));
        sum += best;
    }
    return parts == 0 ? 0 : sum / parts;
}

}  // namespace patchbay::media::testing
