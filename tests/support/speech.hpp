// A voice of our own making for tests and benchmarks: no words, but syllables, pauses, pitch and formants as
// speech has them. The same for the same seed.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

namespace patchbay::testing {

/// One peak of a mouth's spectrum: a resonance of two poles.
class Formant {
  public:
    Formant(double hertz, double width, int rate) {
        const double radius = std::exp(-std::numbers::pi * width / rate);
        a1_ = 2 * radius * std::cos(2 * std::numbers::pi * hertz / rate);
        a2_ = -radius * radius;
        gain_ = 1 - a1_ - a2_;
    }
    double pass(double in) {
        const double out = gain_ * in + a1_ * y1_ + a2_ * y2_;
        y2_ = y1_;
        y1_ = out;
        return out;
    }

  private:
    double a1_, a2_, gain_, y1_ = 0, y2_ = 0;
};

/// One syllable, of that many samples: a consonant of noise, then a vowel that swells and fades.
inline void add_syllable(std::vector<double>& speech, std::size_t length, int rate,
                         std::minstd_rand& random) {
    constexpr std::array<std::array<double, 3>, 5> vowels{
        {{730, 1090, 2440}, {270, 2290, 3010}, {300, 870, 2240}, {530, 1840, 2480}, {570, 840, 2410}}};
    std::uniform_real_distribution<double> even(-1, 1);
    const auto& vowel = vowels[random() % vowels.size()];
    std::array<Formant, 3> mouth{Formant(vowel[0], 90, rate), Formant(vowel[1], 110, rate),
                                 Formant(vowel[2], 170, rate)};
    const double pitch = 105 + 35 * std::abs(even(random));
    const std::size_t consonant = length / 6;
    double phase = 0;
    for (std::size_t i = 0; i < length; ++i) {
        const double place = static_cast<double>(i) / static_cast<double>(length);
        phase += pitch * (1.15 - 0.3 * place) / rate;
        const double pulse = phase >= 1 ? 1 : 0;
        phase -= pulse;
        const double breath = i < consonant ? 0.12 : 0.004;
        double sample = i < consonant ? breath * even(random) : 12 * pulse + breath * even(random);
        for (Formant& formant : mouth) sample = 0.6 * sample + 0.4 * formant.pass(sample);
        speech.push_back(sample * std::sin(std::numbers::pi * place));
    }
}

/// That many seconds at `rate` Hz, peaks at a third of full scale, in a room that is not quite silent. About
/// every fourth syllable is a pause.
inline std::vector<std::int16_t> speech(int rate, int seconds, unsigned seed = 1) {
    std::minstd_rand random(seed);
    std::vector<double> made;
    const std::size_t wanted = static_cast<std::size_t>(rate) * static_cast<std::size_t>(seconds);
    while (made.size() < wanted) {
        const std::size_t length = static_cast<std::size_t>(rate) * (12 + random() % 10) / 100;
        if (random() % 4 == 0) {
            made.resize(made.size() + length / 2);
        } else {
            add_syllable(made, length, rate, random);
        }
    }
    made.resize(wanted);
    double peak = 1e-9;
    for (const double sample : made) peak = std::max(peak, std::abs(sample));
    std::vector<std::int16_t> samples(wanted);
    std::uniform_real_distribution<double> room(-40, 40);
    std::ranges::transform(made, samples.begin(), [&](double sample) {
        return static_cast<std::int16_t>(std::lround(sample / peak * 10860 + room(random)));
    });
    return samples;
}

}  // namespace patchbay::testing
