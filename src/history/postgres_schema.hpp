// The tables of PostgreSQL's store, in a schema `patchbay` of their own. docs/formats/history.md explains
// them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "history/months.hpp"
#include "history/postgres.hpp"

namespace patchbay::history {

/// Brings the database to the newest version, while other servers that start wait. Error `store_newer` when a
/// later version of the program made it.
Result<Done> migrate(PostgresConnection& connection);

/// Makes the table of the month's records unless it is there.
std::string partition_sql(Month month);
/// Inserts a record, bound as row.hpp says, into the month's table unless its leg has one.
std::string insert_sql(Month month);
/// The month's table, as `cdr_2026_11`; and the month of such a name.
std::string partition_name(Month month);
std::optional<Month> month_of_partition(std::string_view name);

}  // namespace patchbay::history
