// Figures in total and by interval: every count goes to both.
#pragma once

#include <algorithm>
#include <deque>

#include "acd/figures.hpp"

namespace patchbay::acd {

/// The begin of the interval that `at` lies in.
inline Time interval_of(Time at) {
    const auto since = at.time_since_epoch();
    return Time{since - since % Milliseconds{interval_length}};
}

template <typename Figures>
class Statistics {
  public:
    struct Interval {
        Time begin{};
        Figures figures;
    };

    /// Does `change` to the total and to the interval of `at`, which never goes back by more than what is
    /// kept.
    template <typename Change>
    void count(Time at, Change change) {
        change(total_);
        if (auto* interval = interval_at(interval_of(at))) change(*interval);
    }
    /// Counts a stretch of time, cut at the borders of the intervals.
    void count_time(Time from, Time to, Milliseconds Figures::*figure) {
        while (from < to) {
            const auto border = std::min(to, interval_of(from) + interval_length);
            count(from, [&](Figures& figures) { figures.*figure += border - from; });
            from = border;
        }
    }

    const Figures& total() const { return total_; }
    /// Oldest first; intervals in which nothing was counted are left out.
    const std::deque<Interval>& intervals() const { return intervals_; }

  private:
    Figures* interval_at(Time begin) {
        const auto place = std::ranges::lower_bound(intervals_, begin, {}, &Interval::begin);
        if (place != intervals_.end() && place->begin == begin) return &place->figures;
        auto& added = *intervals_.insert(place, Interval{begin, {}});
        if (intervals_.size() <= intervals_kept) return &added.figures;
        const bool too_old = added.begin == intervals_.front().begin;
        intervals_.pop_front();
        return too_old ? nullptr : interval_at(begin);
    }

    Figures total_;
    std::deque<Interval> intervals_;
};

}  // namespace patchbay::acd
