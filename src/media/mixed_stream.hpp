// The stream of our own that an ear hears while it is mixed for: its encoder, and the packet being filled.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "media/codec.hpp"
#include "media/limiter.hpp"

namespace patchbay::media {

class MixedStream {
  public:
    /// Makes the encoder for that format; `rate` for Opus. The same as before changes nothing.
    void set_format(const Format& format, int rate);
    /// 0 before set_format().
    int rate() const { return encoder_ ? encoder_->rate() : 0; }
    /// Frames of 20 ms in one packet: the format's packet time, as far as it is a multiple of that.
    std::size_t frames() const { return frames_; }
    bool fresh() const { return samples_.empty(); }
    void expect_loss(int percent);

    /// A frame of the sum, of 20 ms at rate(). True when the packet is whole.
    bool add(std::span<const std::int32_t> sum);
    /// Encodes the whole packet. Returns its bytes: room for the RTP header, then the payload; empty when
    /// nothing need be sent. Valid until the next call.
    std::span<std::uint8_t> packet();
    /// The same for a payload that is encoded already.
    std::span<std::uint8_t> packet(std::span<const std::uint8_t> payload);
    /// Forgets the packet being filled.
    void restart() { samples_.clear(); }

  private:
    Format format_;
    std::unique_ptr<Encoder> encoder_;
    std::size_t frames_ = 1;
    int expected_loss_ = unknown_loss;
    Limiter limiter_;
    std::vector<std::int16_t> samples_;
    std::vector<std::uint8_t> packet_;
};

}  // namespace patchbay::media
