// Digits we play to a leg as telephone-events, one after the other, a packet a tick (RFC 4733, section 2.5).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "media/telephone_event.hpp"

namespace patchbay::media {

class DigitSender {
  public:
    /// One packet to send; its duration is of a clock of 8,000 Hz. `first`: it begins an event.
    struct Step {
        TelephoneEvent event;
        bool first = false;
    };

    /// Waits its turn. False when it is no digit or too many wait.
    bool add(char digit);
    /// What to send at this tick of 20 ms; nothing in the pause between two digits.
    std::optional<Step> next();
    bool idle() const { return waiting_.empty(); }

  private:
    std::deque<std::uint8_t> waiting_;  ///< the first is being played
    int tick_ = 0;                      ///< of the digit being played
};

}  // namespace patchbay::media
