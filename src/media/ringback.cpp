// Ringing tones by country (ITU-T E.180, supplement 2).
#include <algorithm>
#include <array>

#include "media/g711.hpp"
#include "media/sound.hpp"
#include "media/tone.hpp"

namespace patchbay::media {

namespace {

struct Ringback {
    std::string_view country;
    std::array<double, 2> hertz;    ///< the second is 0 where one tone is all
    std::array<double, 4> cadence;  ///< seconds of tone, silence, tone, silence
};

constexpr std::array<Ringback, 12> ringbacks{{
    {"au", {413, 438}, {0.4, 0.2, 0.4, 2.0}},
    {"cn", {450, 0}, {1, 4, 0, 0}},
    {"de", {425, 0}, {1, 4, 0, 0}},
    {"es", {425, 0}, {1.5, 3, 0, 0}},
    {"eu", {425, 0}, {1, 4, 0, 0}},
    {"fr", {440, 0}, {1.5, 3.5, 0, 0}},
    {"gb", {400, 450}, {0.4, 0.2, 0.4, 2.0}},
    {"in", {400, 0}, {0.4, 0.2, 0.4, 2.0}},
    {"it", {425, 0}, {1, 4, 0, 0}},
    {"jp", {384, 416}, {1, 2, 0, 0}},
    {"ru", {425, 0}, {1, 4, 0, 0}},
    {"us", {440, 480}, {2, 4, 0, 0}},
}};

const Ringback& ringback_of(std::string_view country) {
    const auto found = std::ranges::find(ringbacks, country, &Ringback::country);
    return found != ringbacks.end() ? *found : *std::ranges::find(ringbacks, "eu", &Ringback::country);
}

/// Appends so many seconds of the tones, all together as loud as one of -16 dB.
void append_tones(std::vector<std::int16_t>& samples, const Ringback& ringback, double seconds) {
    const auto count = static_cast<std::size_t>(seconds * g711_rate);
    const bool two = ringback.hertz[1] > 0;
    std::vector<std::int16_t> sum(count), one(count);
    for (const double hertz : ringback.hertz) {
        if (hertz <= 0) continue;
        Tone(hertz, two ? -19 : -16).fill(one);
        std::ranges::transform(sum, one, sum.begin(), [](std::int16_t a, std::int16_t b) {
            return static_cast<std::int16_t>(a + b);
        });
    }
    samples.insert(samples.end(), sum.begin(), sum.end());
}

}  // namespace

std::vector<std::int16_t> compose_ringback(std::string_view country) {
    const Ringback& ringback = ringback_of(country);
    std::vector<std::int16_t> samples;
    for (std::size_t i = 0; i < ringback.cadence.size(); i += 2) {
        append_tones(samples, ringback, ringback.cadence[i]);
        samples.resize(samples.size() + static_cast<std::size_t>(ringback.cadence[i + 1] * g711_rate));
    }
    return samples;
}

}  // namespace patchbay::media
