// A CDR as a row of SQLite's table and back. The table knows sides a and b; the CDR knows own and other.
#pragma once

#include <string>

#include "history/cdr.hpp"
#include "history/sqlite.hpp"

namespace patchbay::history {

/// Inserts the record unless its leg has one.
const std::string& insert_sql();
/// The recordings' addresses as the table keeps them: a line each.
std::string joined_urls(const Cdr& cdr);
/// Binds all of insert_sql(). The CDR and `urls`, made by joined_urls(), must stay where they are until the
/// statement has run.
void bind_record(Statement& statement, const Cdr& cdr, const std::string& urls, std::int64_t domain);
/// The record of a row with query_sql.hpp's record_columns.
Cdr read_record(const Statement& row, const std::string& domain);

}  // namespace patchbay::history
