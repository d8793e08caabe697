// What the server plays by itself: music on hold, ringing tones, and the files that settings name. Read or
// made once at the start, as samples for the mixer and already encoded for those who hear nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "call/hearing.hpp"
#include "media/codec.hpp"

namespace patchbay::media {

/// One recording's audio as one channel, at 8 kHz and, when it has more than that, at 16 kHz.
struct Recording {
    std::vector<std::int16_t> narrow, wide;
};

/// Audio in frames of 20 ms, that repeats without a break or is played once. Immutable.
class Loop {
  public:
    /// Cut to whole frames; at least one frame of silence.
    explicit Loop(Recording recording);
    /// The rate of its best samples: narrow_rate or wide_rate.
    int rate() const { return recording_.wide.empty() ? narrow_rate : wide_rate; }
    /// A frame at 8 kHz, or at 16 when that is its rate(); frame 0 comes again after frames() - 1.
    std::span<const std::int16_t> frame(std::uint64_t number, int rate) const;
    /// The frame in one of the laws of G.711.
    std::span<const std::uint8_t> encoded(Codec codec, std::uint64_t number) const;
    std::size_t frames() const { return recording_.narrow.size() / samples_of_frame(narrow_rate); }

  private:
    Recording recording_;
    std::array<std::vector<std::uint8_t>, 2> encoded_;  ///< by codec
};

/// Immutable, so all media threads share it.
class Sounds {
  public:
    /// Throws std::runtime_error when the music on hold cannot be read. Another file that cannot is logged
    /// and left out.
    explicit Sounds(const config::Media& settings);
    /// Null when it is not there.
    const Loop* find(call::Sound sound) const;
    const Loop* find(std::string_view name) const { return find(call::Sound::named(name)); }
    const Loop& music() const { return *find(call::Sound::music); }
    const Loop& silence() const { return silence_; }

  private:
    void add(std::string_view name, Recording recording);

    std::map<std::uint32_t, Loop> loops_;  ///< by call::Sound's id
    Loop silence_;
};

/// Our own music: slow broken chords, 16 s, at 8 kHz. Nothing in it lies above 1,350 Hz.
std::vector<std::int16_t> compose_music();
/// A country's ringing tone at 8 kHz, from a burst's begin (ITU-T E.180, supplement 2); the European one for
/// a country we do not know.
std::vector<std::int16_t> compose_ringback(std::string_view country);
/// What is heard every 15 seconds while a talk is recorded, at 8 kHz: 0.4 s of 1,400 Hz, and silence.
std::vector<std::int16_t> compose_notice();
/// At most ten minutes of the file. Throws std::runtime_error with the reason when it cannot be read.
Recording read_sound_file(const std::string& path);

}  // namespace patchbay::media
