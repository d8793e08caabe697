// Which media thread serves which leg. Legs that hear each other must be on one thread; when a call's legs
// come together from several, some move.
#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "call/hearing.hpp"

namespace patchbay::media {

/// Not thread-safe; the switch thread's. With one thread it remembers next to nothing.
class Placement {
  public:
    struct Move {
        LegId leg;
        std::size_t from, to;
    };
    /// What has to be done so that rows come true: first the moves, then the rows, all on one thread.
    struct Plan {
        std::vector<Move> moves;
        call::Hearing rows;
        std::size_t thread = 0;
    };

    explicit Placement(std::size_t threads) : legs_on_(threads) {}

    /// The thread for a new leg: the one with the fewest.
    std::size_t open(LegId leg);
    void close(LegId leg);
    /// The leg must be open.
    std::size_t thread_of(LegId leg) const { return legs_.at(leg).thread; }
    /// Remembers the rows. Rows and sources of legs that are not open are left out. When legs move, the
    /// plan's rows are those of all legs that hear each other, not only the ones given.
    Plan hear(const call::Hearing& rows);

  private:
    struct Leg {
        std::size_t thread = 0;
        std::vector<call::Source> sources;
        std::vector<LegId> listeners;
    };
    void remember(const call::HearingRow& row);
    std::vector<LegId> joined_with(const call::Hearing& rows) const;

    std::vector<std::size_t> legs_on_;
    std::unordered_map<LegId, Leg> legs_;
};

}  // namespace patchbay::media
