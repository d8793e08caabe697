// The tables of SQLite's store. docs/formats/history.md explains them.
#pragma once

#include <string>

#include "base/result.hpp"
#include "history/sqlite.hpp"

namespace patchbay::history {

/// Inserts the record, bound as row.hpp says, unless its leg has one.
const std::string& insert_sql();

/// Brings a database of any older version, or an empty one, to the newest. Error `store_newer` when it was
/// made by a later version of the program.
Result<Done> migrate(Database& database);

}  // namespace patchbay::history
