#include "media/tone_sender.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace patchbay::media {

namespace {

constexpr double turn = 2 * std::numbers::pi;
// -9 and -7 dBm0: the higher tone is the stronger, for lines weaken it.
constexpr double low_amplitude = 8100, high_amplitude = 10200;

/// By event: 0 to 9, * and #, A to D.
constexpr std::array<double, 16> low_tones{941, 697, 697, 697, 770, 770, 770, 852,
                                           852, 852, 941, 941, 697, 770, 852, 941};
constexpr std::array<double, 16> high_tones{1336, 1209, 1336, 1477, 1209, 1336, 1477, 1209,
                                            1336, 1477, 1209, 1477, 1633, 1633, 1633, 1633};

void advance(double& phase, double step) {
    phase += step;
    if (phase > turn) phase -= turn;
}

}  // namespace

DigitTone::DigitTone(std::uint8_t event, int rate)
    : low_step_(turn * low_tones.at(event) / rate), high_step_(turn * high_tones.at(event) / rate) {}

void DigitTone::fill(std::span<std::int32_t> out) {
    for (std::int32_t& sample : out) {
        sample = static_cast<std::int32_t>(
            std::lround(low_amplitude * std::sin(low_phase_) + high_amplitude * std::sin(high_phase_)));
        advance(low_phase_, low_step_);
        advance(high_phase_, high_step_);
    }
}

ToneSender::ToneSender(const Format& format) {
    stream_.set_format(format, narrow_rate);
    frame_.resize(samples_of_frame(stream_.rate()));
}

std::span<std::uint8_t> ToneSender::next(std::optional<std::uint8_t> event, bool first) {
    std::ranges::fill(frame_, 0);
    if (event && first) tone_.emplace(*event, stream_.rate());
    if (event && tone_) tone_->fill(frame_);
    return stream_.add(frame_) ? stream_.packet() : std::span<std::uint8_t>();
}

}  // namespace patchbay::media
