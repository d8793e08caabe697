// What is counted of queues and operators, in total since the server started and by interval.
#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace patchbay::acd {

/// Length of an interval of the statistics; intervals begin at whole quarters of an hour, UTC.
inline constexpr Seconds interval_length{900};
/// How many past intervals are kept: two days.
inline constexpr std::size_t intervals_kept = 192;

/// What happened to the callers of a queue. Every caller that entered is counted once in what it came to:
/// answered, abandoned, abandoned_short, overflowed, moved or callbacks, or waits still.
struct QueueFigures {
    std::uint64_t entered = 0;
    std::uint64_t answered = 0;
    std::uint64_t answered_in_time = 0;  ///< within the queue's service_level
    std::uint64_t abandoned = 0;         ///< after short_abandon or later
    std::uint64_t abandoned_short = 0;   ///< before short_abandon: a wrong number, no loss
    std::uint64_t overflowed = 0;
    std::uint64_t moved = 0;
    std::uint64_t callbacks = 0;  ///< asked to be called back
    std::uint64_t missed = 0;     ///< agent offers that were not taken
    Milliseconds waited{0};       ///< of the answered ones, summed
    Milliseconds longest_wait{0};
    Milliseconds talk{0}, held{0}, acw{0};  ///< summed; talk is without the time on hold

    /// Share of callers answered within the service level, 0 to 1, of all that were answered, abandoned (not
    /// shortly) or overflowed; 1 when there were none.
    double service_level() const;
    /// Mean wait of the answered.
    Milliseconds mean_wait() const;
    /// Mean handling time: talk, hold and after-call work (AHT).
    Milliseconds mean_handling() const;
    void add(const QueueFigures& other);
};

/// What an operator did.
struct OperatorFigures {
    std::uint64_t answered = 0;  ///< calls from queues
    std::uint64_t missed = 0;    ///< agent offers that rang out
    std::uint64_t rejected = 0;  ///< agent offers refused by the phone
    Milliseconds talk{0}, held{0}, acw{0};
    Milliseconds ready{0};    ///< in state available
    Milliseconds aux{0};      ///< in auxwork
    Milliseconds at_work{0};  ///< logged in, in whatever state

    /// Share of the time at work, breaks left out, that went into calls and after-call work; 0 to 1.
    double occupancy() const;
    void add(const OperatorFigures& other);
};

}  // namespace patchbay::acd
