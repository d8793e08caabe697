// Timers of one thread, driven from outside: the owner asks when the next one is due, waits, and runs what is
// due. So the same code runs in Sofia's loop and on the simulation's virtual clock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"

namespace patchbay {

/// Names a timer; zero is none. A timer that ran or was cancelled is a stale id, which cancel() ignores.
struct TimerId {
    std::uint64_t value = 0;
    explicit operator bool() const { return value != 0; }
};

/// Not thread-safe. Setting and cancelling cost O(log n).
class Timers {
  public:
    explicit Timers(Clock& clock) : clock_(clock) {}
    Timers(const Timers&) = delete;
    Timers& operator=(const Timers&) = delete;

    TimerId after(Milliseconds delay, std::function<void()> action);
    void cancel(TimerId id);

    /// When the next one is due, in the clock's ticks; nothing when none is set.
    std::optional<Ticks> next() const;
    /// Runs what is due, in order of time; what an action sets anew for now runs too. Returns how many ran.
    std::size_t run_due();
    std::size_t size() const { return by_id_.size(); }

  private:
    using Key = std::pair<Ticks, std::uint64_t>;
    Clock& clock_;
    std::uint64_t last_id_ = 0;
    std::map<Key, std::function<void()>> due_;
    std::unordered_map<std::uint64_t, Ticks> by_id_;
};

}  // namespace patchbay
