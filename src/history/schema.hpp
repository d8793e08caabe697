// The tables of SQLite's store. docs/formats/history.md explains them.
#pragma once

#include <cstdint>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "history/cdr.hpp"
#include "history/sqlite.hpp"

namespace patchbay::history {

/// A record's id holds its leg and what filters ask most: `leg << 3 | kind`. So every index ends in the leg's
/// order and answers those filters without touching the record.
namespace kind {
inline constexpr std::int64_t rang = 1, supervising = 2, out = 4;
inline constexpr int bits = 3;
}  // namespace kind

/// Legs above this have no record id: their bits would not fit (IdSource reaches it in 2112).
inline constexpr std::uint64_t highest_leg = (1ULL << 60) - 1;

/// The lowest record id of the leg.
std::int64_t first_id(LegId leg);
std::int64_t record_id(const Cdr& cdr);

/// Brings a database of any older version, or an empty one, to the newest. Error `store_newer` when it was
/// made by a later version of the program.
Result<Done> migrate(Database& database);

}  // namespace patchbay::history
