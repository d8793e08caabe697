#include "media/sound.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "base/log.hpp"
#include "base/metrics.hpp"
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

std::vector<std::int16_t> compose_notice() {
    std::vector<std::int16_t> samples(g711_rate * 2 / 5);
    Tone(1400, -20).fill(samples);
    samples.resize(std::size_t{g711_rate} * 15);
    return samples;
}

Loop::Loop(Recording recording) : recording_(std::move(recording)) {
    const std::size_t narrow = samples_of_frame(narrow_rate), wide = samples_of_frame(wide_rate);
    const std::size_t count = std::max(recording_.narrow.size() / narrow, std::size_t{1});
    recording_.narrow.resize(count * narrow);
    if (!recording_.wide.empty()) recording_.wide.resize(count * wide);
    for (const Codec codec : {Codec::pcma, Codec::pcmu}) {
        auto& bytes = encoded_[static_cast<std::size_t>(codec)];
        bytes.resize(recording_.narrow.size());
        encode(codec, recording_.narrow, bytes);
    }
}

std::span<const std::int16_t> Loop::frame(std::uint64_t number, int rate) const {
    const std::size_t size = samples_of_frame(rate);
    const auto& samples = rate == narrow_rate ? recording_.narrow : recording_.wide;
    return std::span(samples).subspan((number % frames()) * size, size);
}

std::span<const std::uint8_t> Loop::encoded(Codec codec, std::uint64_t number) const {
    const std::size_t size = samples_of_frame(narrow_rate);
    return std::span(encoded_[static_cast<std::size_t>(codec)]).subspan((number % frames()) * size, size);
}

Sounds::Sounds(const config::Media& settings) : silence_(Recording{}) {
    add("music", settings.music.empty() ? Recording{compose_music(), {}} : read_sound_file(settings.music));
    add("ringback", {compose_ringback(settings.ringback), {}});
    add("recording.notice", {compose_notice(), {}});
    for (const std::string& country : config::ringback_countries())
        add("ringback." + country, {compose_ringback(country), {}});
    auto& unreadable =
        metrics::counter("patchbay_media_sounds_unreadable_total", "Sound files that could not be read");
    for (const auto& [sound, file] : settings.sounds) {
        try {
            add(sound, read_sound_file(file));
        } catch (const std::runtime_error& error) {
            log::error("media", "sound {}: {}", sound, error.what());
            unreadable.add();
        }
    }
}

void Sounds::add(std::string_view name, Recording recording) {
    loops_.insert_or_assign(call::Sound::named(name).id, Loop(std::move(recording)));
}

const Loop* Sounds::find(call::Sound sound) const {
    const auto found = loops_.find(sound.id);
    return found == loops_.end() ? nullptr : &found->second;
}

}  // namespace patchbay::media
