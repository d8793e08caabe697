// Every stream of one recording from packets to samples: put in order, decoded at the recording's rate, and
// what was lost on the way made up as a listener would hear it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "media/codec.hpp"
#include "media/jitter_buffer.hpp"
#include "media/recording_ring.hpp"
#include "media/recording_track.hpp"

namespace patchbay::media {

/// Lays what it decodes on the recording's track. Not thread-safe.
class RecordingDecoders {
  public:
    /// So long a packet waits for those that were sent before it; then they are lost.
    static constexpr std::chrono::milliseconds patience{100};

    /// `rate`: narrow_rate or wide_rate.
    RecordingDecoders(RecordingTrack& track, int rate)
        : track_(track), rate_(rate), decoded_(largest_packet_samples) {}

    /// A packet as it came. Packets of one stream need not come in order.
    void take(const TappedPacket& packet, std::span<const std::uint8_t> payload);
    /// Nothing that came before `until` waits any longer.
    void settle(Moment until);

    /// The rate at which a recording of a leg with that codec is kept.
    static int rate_for(Codec codec) { return is_g711(codec) ? narrow_rate : wide_rate; }

  private:
    struct Stream {
        TappedPacket last;  ///< only what all of its packets have in common counts
        JitterBuffer packets{narrow_rate};
        std::unique_ptr<Decoder> decoder;
        std::uint32_t next = 0;  ///< timestamp of what is to be decoded next
        std::uint32_t size = 0;  ///< of the last packet, in the RTP clock
    };
    void begin(Stream& stream, const TappedPacket& packet);
    void play(Stream& stream, Moment until);
    void make_up(const Stream& stream, const JitterBuffer::Packet& next);
    void lay(const Stream& stream, std::uint32_t timestamp, Moment at, std::span<const std::int16_t> samples);
    std::span<const std::int16_t> at_our_rate(std::span<const std::int16_t> samples, int rate);

    RecordingTrack& track_;
    int rate_;
    std::unordered_map<std::uint64_t, Stream> streams_;
    std::vector<std::int16_t> decoded_, resampled_;
};

}  // namespace patchbay::media
