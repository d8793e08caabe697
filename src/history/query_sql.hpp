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
/// value, never part of the text. On PostgreSQL a filter with an offset gives the place of the page's first
/// record, `started, id`, read in the indices alone; the page itself is asked for by a cursor there.
QuerySql query_sql(const Filter& filter, Dialect dialect, std::int64_t domain);

/// The most records of one page.
inline constexpr int highest_limit = 10'000;

}  // namespace patchbay::history
