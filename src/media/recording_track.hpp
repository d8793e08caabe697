// One recording's time: what two sides said, packet by packet and out of order, becomes two channels in step.
// Pure: times are passed in.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "call/types.hpp"
#include "media/recording_ring.hpp"

namespace patchbay::media {

/// A stream's packets lie where its timestamps say, beginning where its first one came; when that drifts too
/// far from when they come, they begin anew. Where nothing came is silence. Not thread-safe.
class RecordingTrack {
  public:
    /// `rate`: samples a second of both channels.
    RecordingTrack(Moment started, int rate);

    /// From that moment on. A pause is not on the track at all; a mask is silence.
    void change(call::RecordingState state, Moment at);
    /// What the packet says, at the track's rate. `clock`: ticks a second of its timestamps.
    void add(const TappedPacket& packet, std::span<const std::int16_t> samples, int clock);
    /// Everything before that moment is as it will be: it goes to ready().
    void settle(Moment until);
    /// Settled samples, interleaved, for the caller to take away.
    std::vector<std::int16_t>& ready() { return ready_; }

  private:
    struct Change {
        Moment at;
        call::RecordingState state;
        std::int64_t frame;  ///< where the track was then
    };
    struct Stream {
        std::uint32_t ssrc = 0, timestamp = 0;
        std::int64_t frame = 0;  ///< where that timestamp lies
        bool begun = false;
    };

    const Change& change_at(Moment at) const;
    std::int64_t frame_at(Moment at) const;
    std::int64_t place(const TappedPacket& packet, int clock);
    void settle_to(std::int64_t frame);

    const int rate_;
    const std::int64_t window_;  ///< frames that wait at most
    std::vector<Change> changes_;
    std::unordered_map<std::uint64_t, Stream> streams_;
    std::vector<std::int16_t> waiting_;  ///< interleaved; frame f lies at f % window_
    std::int64_t settled_ = 0;           ///< frames
    std::vector<std::int16_t> ready_;
};

}  // namespace patchbay::media
