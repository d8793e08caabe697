// Digits we send to a leg among its audio: two tones each, in the leg's own codec (ITU-T Q.23).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "media/mixed_stream.hpp"

namespace patchbay::media {

/// The two tones of one digit, without a break from frame to frame.
class DigitTone {
  public:
    /// `event`: of a digit (telephone_event.hpp); `rate`: samples a second.
    DigitTone(std::uint8_t event, int rate);
    void fill(std::span<std::int32_t> out);

  private:
    double low_step_, high_step_, low_phase_ = 0, high_phase_ = 0;
};

/// Used by one thread; lives as long as digits are being sent.
class ToneSender {
  public:
    explicit ToneSender(const Format& format);

    /// The next 20 ms: of that digit's tone, from its begin when `first`, or of silence. Returns the packet
    /// when it is whole, with room for the RTP header; else nothing. Valid until the next call.
    std::span<std::uint8_t> next(std::optional<std::uint8_t> event, bool first);
    /// Frames of 20 ms in one packet.
    std::size_t frames() const { return stream_.frames(); }

  private:
    MixedStream stream_;
    std::optional<DigitTone> tone_;
    std::vector<std::int32_t> frame_;
};

}  // namespace patchbay::media
