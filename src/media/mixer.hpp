// Makes what the ears hear that are not served by a relay: silence, sounds, the sum of several legs, or one
// leg whose codec the ear does not speak; a frame at each tick.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "media/leg_audio.hpp"
#include "media/traffic.hpp"

namespace patchbay::media {

constexpr std::chrono::milliseconds tick_length{20};

/// The rate at which that leg is best decoded for those who mix it just now; never below what it is.
int decoding_rate(const LegAudio& leg);

class Mixer {
  public:
    /// `silence`: a frame of it.
    Mixer(const Loop& silence, Traffic& traffic) : silence_(silence), traffic_(traffic) {}

    void add(LegAudio& ear);
    void remove(LegAudio& ear);
    bool idle() const { return ears_.empty(); }
    /// Sends each ear its next frame. Ticks are numbered; one left out leaves a gap in the timestamps.
    void tick(std::uint64_t number, Moment now);
    /// The announcements that came to their end in the last tick: leg and id.
    const std::vector<std::pair<LegAudio*, std::uint32_t>>& ended() const { return ended_; }
    /// The ears that hear their legs now in place of the loop that lingered.
    const std::vector<LegAudio*>& let_go() const { return let_go_; }

  private:
    using Sum = std::array<std::int32_t, samples_of_frame(full_rate)>;
    /// What all legs of one talk say together, summed once a tick for all who are in it.
    struct Party {
        std::uint64_t key = 0;
        int rate = 0;
        bool heard = false;
        Sum sum;
    };
    struct Tick {
        std::uint64_t number;
        Moment now;
    };

    void serve(LegAudio& ear, const Tick& tick);
    void end_lingering(LegAudio& ear, const Tick& tick);
    void send(LegAudio& ear, std::span<std::uint8_t> packet, const Tick& tick);
    bool add_sources(LegAudio& ear, std::span<std::int32_t> sum, const Tick& tick);
    bool add_party(LegAudio& ear, std::span<std::int32_t> sum, const Tick& tick);
    const Party& party_of(LegAudio& ear, int rate, const Tick& tick);

    const Loop& silence_;
    Traffic& traffic_;
    std::vector<LegAudio*> ears_;
    std::vector<std::pair<LegAudio*, std::uint32_t>> ended_;
    std::vector<LegAudio*> let_go_;
    std::vector<Party> parties_;
    std::size_t party_count_ = 0;  ///< of this tick
    Sum sum_{};
};

}  // namespace patchbay::media
