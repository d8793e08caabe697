// A clock the test moves.
#pragma once

#include "base/clock.hpp"

namespace patchbay::sip {

class ManualClock final : public Clock {
  public:
    Time now() override { return Time{Milliseconds{1'700'000'000'000}} + ticks_; }
    Ticks ticks() override { return ticks_; }
    void advance(Milliseconds by) { ticks_ += by; }

  private:
    Ticks ticks_{1000};
};

}  // namespace patchbay::sip
