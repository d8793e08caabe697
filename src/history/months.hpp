// Months of UTC: what history is divided into on PostgreSQL and forgotten by on every store.
#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace patchbay::history {

using Month = std::chrono::year_month;

/// The month that the time lies in.
inline Month month_of(Time time) {
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
    return {day.year(), day.month()};
}

/// Its first millisecond.
inline Time start_of(Month month) {
    return std::chrono::sys_days(month / std::chrono::day{1});
}

}  // namespace patchbay::history
