// Time is passed in: whoever needs it is given a Clock, so that the simulation can run on a virtual one.
#pragma once

#include <chrono>

namespace patchbay {

using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

/// Wall-clock time in UTC, to the millisecond.
using Time = std::chrono::sys_time<Milliseconds>;

/// A count of milliseconds that never jumps; only differences mean anything. Timers run on it.
using Ticks = Milliseconds;

/// Where the time comes from. One per thread of use; implementations need not be thread-safe.
class Clock {
  public:
    virtual ~Clock() = default;
    /// Now, in UTC. Never goes back, even when the machine's clock does: durations stay true.
    virtual Time now() = 0;
    /// Milliseconds since some start, whatever is done to the machine's clock.
    virtual Ticks ticks() = 0;
};

/// The machine's clock. When that is set back, now() goes on from what it said before.
class SystemClock final : public Clock {
  public:
    SystemClock();
    Time now() override;
    Ticks ticks() override;

  private:
    Time last_;
    Ticks last_ticks_;
};

}  // namespace patchbay
