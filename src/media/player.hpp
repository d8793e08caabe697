// What one ear hears of the server's own sounds: loops that go on, and an announcement over them, during
// which they are softer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "media/resampler.hpp"
#include "media/sound.hpp"

namespace patchbay::media {

class Player {
  public:
    /// From now on exactly the sounds among these sources. What was played before and still is goes on; the
    /// rest begins at `tick`. Music takes the place of a loop that is not there. When only legs are to be
    /// heard in the place of loops, these linger.
    void set(const std::vector<call::Source>& sources, const Sounds& sounds, std::uint64_t tick);
    /// The loops are no longer wanted and only fill the time until a leg is heard, at most until that tick.
    std::optional<std::uint64_t> lingers_until() const { return lingers_until_; }
    /// Ends that.
    void let_go();
    bool empty() const { return loops_.empty() && !announcement_; }
    /// The widest rate of what is played; 0 when nothing is.
    int rate() const;
    /// The one loop's frame in that law of G.711, when nothing else is played; else empty.
    std::span<const std::uint8_t> only(Codec codec, std::uint64_t tick) const;
    /// Adds what sounds in this tick, at that rate.
    void add_to(std::span<std::int32_t> sum, int rate, std::uint64_t tick);
    /// The id of the announcement that has come to its end since it was last asked.
    std::optional<std::uint32_t> take_ended();

  private:
    /// Frames of one sound at the ear's rate.
    struct Reader {
        std::optional<Resampler> resampler;
        std::vector<std::int16_t> converted;
        std::span<const std::int16_t> read(const Loop& loop, std::uint64_t number, int rate);
    };
    struct Playing {
        call::Sound sound;
        const Loop* loop = nullptr;
        std::uint64_t first_tick = 0;
        Reader reader;
    };
    struct Speaking {
        std::uint32_t id = 0;
        std::vector<const Loop*> parts;
        std::size_t part = 0;
        std::uint64_t frame = 0;  ///< of the part
        Reader reader;
    };
    void set_announcement(const call::Announcement& announcement, const Sounds& sounds);
    void speak(std::span<std::int32_t> sum, int rate);

    std::vector<Playing> loops_;
    std::optional<std::uint64_t> lingers_until_;
    std::optional<Speaking> announcement_;
    std::optional<std::uint32_t> ended_, heard_;  ///< not yet told; played to its end while still in the row
    float loudness_ = 1;                          ///< of the loops
};

}  // namespace patchbay::media
