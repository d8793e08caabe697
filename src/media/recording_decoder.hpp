// Payloads of every stream of one recording, as samples at the recording's rate.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "media/codec.hpp"
#include "media/recording_ring.hpp"

namespace patchbay::media {

/// Not thread-safe.
class RecordingDecoders {
  public:
    /// `rate`: narrow_rate or wide_rate.
    explicit RecordingDecoders(int rate) : rate_(rate), decoded_(largest_packet_samples) {}

    /// Valid until the next call; empty when the payload makes no sense.
    std::span<const std::int16_t> decode(const TappedPacket& packet, std::span<const std::uint8_t> payload);

    /// The rate at which a recording of a leg with that codec is kept.
    static int rate_for(Codec codec) { return is_g711(codec) ? narrow_rate : wide_rate; }

  private:
    struct Stream {
        Codec codec = Codec::pcma;
        std::unique_ptr<Decoder> decoder;
    };
    std::span<const std::int16_t> at_our_rate(std::span<const std::int16_t> samples, int rate);

    int rate_;
    std::unordered_map<std::uint64_t, Stream> streams_;
    std::vector<std::int16_t> decoded_, resampled_;
};

}  // namespace patchbay::media
