// Makes what the ears hear that are not served by a relay: silence, a sound, or the sum of several legs; a
// frame at each tick.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "media/leg_audio.hpp"
#include "media/sound.hpp"
#include "media/traffic.hpp"

namespace patchbay::media {

constexpr std::chrono::milliseconds tick_length{20};

class Mixer {
  public:
    Mixer(const Sounds& sounds, Traffic& traffic) : sounds_(sounds), traffic_(traffic) {}

    void add(LegAudio& ear);
    void remove(LegAudio& ear);
    bool idle() const { return ears_.empty(); }
    /// Sends each ear its next frame. Ticks are numbered; one left out leaves a gap in the timestamps.
    void tick(std::uint64_t number, Moment now);

  private:
    void serve(LegAudio& ear, std::uint64_t tick, Moment now);
    void fill(LegAudio& ear, std::uint64_t tick, std::span<std::uint8_t> out);
    void sum(LegAudio& ear, std::uint64_t tick, std::span<std::uint8_t> out);

    const Sounds& sounds_;
    Traffic& traffic_;
    std::vector<LegAudio*> ears_;
};

}  // namespace patchbay::media
