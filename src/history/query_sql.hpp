// The SQL of a filter: one walk down an index, or two merged, then the records of that page alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "history/store.hpp"

namespace patchbay::history {

struct QuerySql {
    std::string text;
    std::vector<std::variant<std::int64_t, std::string_view>> values;  ///< views into the filter
};

/// `domain` is the domain's number in the store. The columns come in the order in which record_columns names
/// them; one record more than the limit, when there is one. The filter must outlive the result.
QuerySql query_sql(const Filter& filter, std::int64_t domain);

inline constexpr std::string_view record_columns =
    "id,call,started,answered,released,held,role,released_by,sip,cause,"
    "a_number,a_name,a_operator,a_group,b_number,b_name,b_operator,b_group,"
    "called_number,called_did,trunk,queue,urls,"
    "codec,packets_in,packets_out,lost_in,lost_out,jitter,round_trip,mos";

/// The most records of one page.
inline constexpr int highest_limit = 10'000;

}  // namespace patchbay::history
