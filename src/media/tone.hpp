// Steady tones: made, and found again in received audio (Goertzel's filter). Levels are in dB relative to a
// sine of full scale: 0 is the loudest, -12 a quarter of its amplitude.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace patchbay::media {

/// Makes a sine without a break from call to call, at 8,000 samples a second.
class Tone {
  public:
    /// `hertz` below 4,000.
    explicit Tone(double hertz, double level_db = -12);
    void fill(std::span<std::int16_t> out);

  private:
    double phase_ = 0, step_, amplitude_;
};

/// How loud `hertz` is in these samples, in dB; -120 when it is not there. 800 samples tell apart tones that
/// lie 30 Hz from each other; tones further away do not leak into it (Hann window).
double tone_level(std::span<const std::int16_t> samples, double hertz);

/// How loud the samples are altogether, in dB; -120 for silence.
double loudness(std::span<const std::int16_t> samples);

/// Listens to a stream block by block for a set of tones.
class ToneDetector {
  public:
    /// `block`: samples a verdict is made of.
    explicit ToneDetector(std::vector<double> hertz, std::size_t block = 800);

    /// Takes samples of any count. True when at least one block was completed by them.
    bool feed(std::span<const std::int16_t> samples);
    /// Levels in the last whole block, in dB, in the order of the tones asked for; -120 before the first.
    const std::vector<double>& levels() const { return levels_; }
    const std::vector<double>& hertz() const { return hertz_; }
    /// The tones that are at least that loud in the last whole block.
    std::vector<double> heard(double least_db = -30) const;
    /// Whole blocks so far.
    std::size_t blocks() const { return blocks_; }

  private:
    std::vector<double> hertz_, levels_;
    std::vector<std::int16_t> waiting_;
    std::size_t block_, blocks_ = 0;
};

}  // namespace patchbay::media
