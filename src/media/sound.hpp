// What the server plays by itself: music on hold, of our own making or the operator's file, and the ringback
// tone. Made once at the start, as samples for the mixer and already encoded for those who hear nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "call/hearing.hpp"
#include "media/format.hpp"
#include "media/jitter_buffer.hpp"

namespace patchbay::media {

/// Audio that repeats without a break. Immutable.
class Loop {
  public:
    /// Cut to whole frames; at least one frame of silence.
    explicit Loop(std::vector<std::int16_t> samples);
    /// 20 ms; frame 0 comes again after frames() - 1.
    std::span<const std::int16_t, frame_samples> frame(std::uint64_t number) const;
    std::span<const std::uint8_t, frame_samples> encoded(Codec codec, std::uint64_t number) const;
    std::size_t frames() const { return samples_.size() / frame_samples; }

  private:
    std::vector<std::int16_t> samples_;
    std::array<std::vector<std::uint8_t>, 2> encoded_;  ///< by codec
};

/// Immutable, so all media threads share it.
class Sounds {
  public:
    /// `music_file`: empty for our own. Throws std::runtime_error when it cannot be read.
    explicit Sounds(const std::string& music_file);
    const Loop& of(call::Sound sound) const { return sound == call::Sound::music ? music_ : ringback_; }
    const Loop& silence() const { return silence_; }

  private:
    Loop music_, ringback_, silence_;
};

/// Our own music: slow broken chords, 16 s, at 8 kHz. Nothing in it lies above 1,350 Hz.
std::vector<std::int16_t> compose_music();
/// 425 Hz, a second of tone and four of silence (ITU-T E.180).
std::vector<std::int16_t> compose_ringback();
/// The file's audio as one channel at 8 kHz (at most ten minutes of it). Throws std::runtime_error with the
/// reason when it cannot be read.
std::vector<std::int16_t> read_sound_file(const std::string& path);

}  // namespace patchbay::media
