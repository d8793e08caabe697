#include "media/sound.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "media/g711.hpp"
#include "media/tone.hpp"

namespace patchbay::media {

namespace {

constexpr double note_seconds = 0.5;
constexpr std::size_t notes_a_chord = 8;

/// Semitones from A4 (440 Hz) of each chord's four tones; played up and down again.
constexpr std::array<std::array<int, 4>, 4> chords{{
    {-9, -5, -2, 2},     // C  E  G  B
    {-12, -9, -5, -2},   // A  C  E  G
    {-16, -12, -9, -5},  // F  A  C  E
    {-14, -10, -7, 0},   // G  B  D  A
}};
constexpr std::array<std::size_t, notes_a_chord> order{0, 1, 2, 3, 2, 1, 2, 1};

double hertz(int semitones) {
    return 440 * std::pow(2, semitones / 12.0);
}

/// Adds a plucked note that rings out over the loop's end into its begin.
void pluck(std::vector<double>& loop, std::size_t start, double frequency) {
    constexpr double ring_seconds = 3, amplitude = 2600, attack_seconds = 0.02;
    const auto length = static_cast<std::size_t>(ring_seconds * g711_rate);
    for (std::size_t i = 0; i < length; ++i) {
        const double time = static_cast<double>(i) / g711_rate;
        const double angle = 2 * std::numbers::pi * frequency * time;
        const double swell = std::min(time / attack_seconds, 1.0);
        const double fade = std::exp(-1.6 * time) * (1 - time / ring_seconds);
        loop[(start + i) % loop.size()] +=
            amplitude * swell * fade * (std::sin(angle) + 0.2 * std::sin(2 * angle));
    }
}

}  // namespace

std::vector<std::int16_t> compose_music() {
    const auto note_length = static_cast<std::size_t>(note_seconds * g711_rate);
    std::vector<double> loop(note_length * notes_a_chord * chords.size());
    std::size_t start = 0;
    for (const auto& chord : chords) {
        for (const std::size_t tone : order) {
            pluck(loop, start, hertz(chord[tone]));
            start += note_length;
        }
    }
    std::vector<std::int16_t> samples(loop.size());
    std::ranges::transform(loop, samples.begin(), [](double sample) {
        return static_cast<std::int16_t>(std::lround(std::clamp(sample, -32767.0, 32767.0)));
    });
    return samples;
}

std::vector<std::int16_t> compose_ringback() {
    std::vector<std::int16_t> samples(5 * g711_rate);
    Tone(425, -16).fill(std::span(samples).first(g711_rate));
    return samples;
}

Loop::Loop(std::vector<std::int16_t> samples) : samples_(std::move(samples)) {
    samples_.resize(std::max(samples_.size() / frame_samples, std::size_t{1}) * frame_samples);
    for (const Codec codec : {Codec::pcma, Codec::pcmu}) {
        auto& bytes = encoded_[static_cast<std::size_t>(codec)];
        bytes.resize(samples_.size());
        encode(codec, samples_, bytes);
    }
}

std::span<const std::int16_t, frame_samples> Loop::frame(std::uint64_t number) const {
    return std::span(samples_).subspan((number % frames()) * frame_samples).first<frame_samples>();
}

std::span<const std::uint8_t, frame_samples> Loop::encoded(Codec codec, std::uint64_t number) const {
    const auto& bytes = encoded_[static_cast<std::size_t>(codec)];
    return std::span(bytes).subspan((number % frames()) * frame_samples).first<frame_samples>();
}

Sounds::Sounds(const std::string& music_file)
    : music_(music_file.empty() ? compose_music() : read_sound_file(music_file)),
      ringback_(compose_ringback()),
      silence_({}) {}

}  // namespace patchbay::media
