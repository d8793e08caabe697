// DTMF digits as named events in RTP (RFC 4733).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace patchbay::media {

struct TelephoneEvent {
    std::uint8_t event = 0;      ///< 0 to 15 are the DTMF digits
    bool end = false;            ///< the key was let go
    std::uint8_t volume = 10;    ///< dB below 0 dBm0, 0 to 63
    std::uint16_t duration = 0;  ///< since its begin, in samples
};

/// The first event of the payload; nothing when it is shorter than one (RFC 4733, section 2.3).
std::optional<TelephoneEvent> parse_telephone_event(std::span<const std::uint8_t> payload);
std::array<std::uint8_t, 4> build_telephone_event(const TelephoneEvent& event);

/// 0-9 * # A-D; nothing for events that are no digit (RFC 4733, section 3.2).
std::optional<char> digit_of(std::uint8_t event);
/// The event of a digit, letters of either case.
std::optional<std::uint8_t> event_of(char digit);

/// Makes one digit of the packets of one event: its end comes three times, or is lost.
class DigitReader {
  public:
    /// `timestamp` is the RTP header's, the same in all packets of one event. The digit, once, at its end.
    std::optional<char> take(const TelephoneEvent& event, std::uint32_t timestamp);

  private:
    std::optional<std::uint32_t> done_;  ///< timestamp of the last event reported
};

}  // namespace patchbay::media
