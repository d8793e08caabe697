// Phones that tell one press of a key in two ways: the second is no other digit.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "media/format.hpp"
#include "media/port_pool.hpp"

namespace patchbay::media {

/// One leg's. A digit that came already by another way, within two seconds and not counted yet, is the same.
class DigitFilter {
  public:
    /// True when the digit is a new one.
    bool take(char digit, DigitWay way, Moment now) {
        while (!pressed_.empty() && now - pressed_.front().at > window) pressed_.pop_front();
        const auto bit = static_cast<std::uint8_t>(1U << static_cast<unsigned>(way));
        for (Press& press : pressed_) {
            if (press.digit != digit || (press.ways & bit) != 0) continue;
            press.ways |= bit;
            return false;
        }
        pressed_.push_back({digit, bit, now});
        return true;
    }

  private:
    static constexpr std::chrono::seconds window{2};
    struct Press {
        char digit;
        std::uint8_t ways;  ///< by which it came
        Moment at;
    };
    std::deque<Press> pressed_;
};

}  // namespace patchbay::media
