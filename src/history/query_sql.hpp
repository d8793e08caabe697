// The SQL of a filter in each store's words: one walk down an index, or two merged, then the records of that
// page alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "history/store.hpp"

namespace patchbay::history {

enum class Dialect : std::uint8_t { sqlite, postgres };

using SqlValue = std::variant<std::int64_t, std::string_view>;

struct QuerySql {
    std::string text;
    std::vector<SqlValue> values;  ///< views into the filter
};

/// `domain`: its number in the store. The columns come in the order of record_columns; one record more than
/// the limit, when there is one. The filter must outlive the result. Everything that comes from outside is a
/// value, never part of the text. On PostgreSQL a page with an offset comes as `started, id` alone, read in
/// the indices; its records come by records_sql().
QuerySql query_sql(const Filter& filter, Dialect dialect, std::int64_t domain);

/// PostgreSQL's records of a page: $1 the domain's number, $2 and $3 arrays of `started` and `id`, $4 and $5
/// the earliest and the latest start among them.
const std::string& records_sql();

/// The most records of one page.
inline constexpr int highest_limit = 10'000;

}  // namespace patchbay::history
