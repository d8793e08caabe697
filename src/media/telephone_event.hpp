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

    /// The same with its duration in another clock; both in Hz.
    TelephoneEvent with_clock(int from, int to) const;
};

/// The first event of the payload; nothing when it is shorter than one (RFC 4733, section 2.3).
std::optional<TelephoneEvent> parse_telephone_event(std::span<const std::uint8_t> payload);
std::array<std::uint8_t, 4> build_telephone_event(const TelephoneEvent& event);

/// 0-9 * # A-D; nothing for events that are no digit (RFC 4733, section 3.2).
std::optional<char> digit_of(std::uint8_t event);
/// The event of a digit, letters of either case.
std::optional<std::uint8_t> event_of(char digit);

/// Makes one digit of the packets of one event: its begin or its end may be lost, and its end comes three
/// times. A press too long for one event goes on in another (RFC 4733, section 2.5.1.3).
class DigitReader {
  public:
    /// `timestamp` and `ssrc` are the RTP header's, the timestamp the same in all packets of one event. True
    /// for the first that is seen of an event.
    bool begins(const TelephoneEvent& event, std::uint32_t timestamp, std::uint32_t ssrc);

  private:
    TelephoneEvent last_;
    std::uint32_t timestamp_ = 0, ssrc_ = 0;
    bool any_ = false;
};

}  // namespace patchbay::media
