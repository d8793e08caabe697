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

/// The machine's clocks as they are, for any thread: the wall's, which may be set back, and the steady one.
Time wall_time();
Ticks steady_time();

/// A wall clock that never goes back: when the one it is read from is set back, it goes on from what it said
/// before, as fast as the steady one. Not thread-safe.
class ForwardTime {
  public:
    ForwardTime(Time wall, Ticks steady) : last_(wall), last_ticks_(steady) {}
    /// The time when the two clocks say that.
    Time at(Time wall, Ticks steady);

  private:
    Time last_;
    Ticks last_ticks_;
};

/// The machine's clock.
class SystemClock final : public Clock {
  public:
    SystemClock() : time_(wall_time(), steady_time()) {}
    Time now() override { return time_.at(wall_time(), steady_time()); }
    Ticks ticks() override { return steady_time(); }

  private:
    ForwardTime time_;
};

}  // namespace patchbay
