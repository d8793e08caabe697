#include "history/query_sql.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "history/row.hpp"

namespace patchbay::history {
namespace {

// One wanted value. `own` has a column for itself: the leg's own party is on one side or the other.
enum class Side : std::uint8_t { either, a, b, own };

struct Want {
    std::string_view column, value;
    Side side = Side::either;
};

// The wanted values, those that usually match the fewest records first: the first one chooses the index.
std::vector<Want> wants_of(const Filter& filter) {
    const Want all[] = {
        {"number", filter.from_number, Side::a},
        {"number", filter.to_number, Side::b},
        {"number", filter.number},
        {"name", filter.display_name_a, Side::a},
        {"name", filter.display_name_b, Side::b},
        {"name", filter.display_name},
        {"operator", filter.operator_id, Side::own},
        {"operator", filter.agent_a, Side::a},
        {"operator", filter.agent_b, Side::b},
        {"operator", filter.agent},
        {"group", filter.group_a, Side::a},
        {"group", filter.group_b, Side::b},
        {"group", filter.group},
    };
    std::vector<Want> wants;
    std::ranges::copy_if(all, std::back_inserter(wants),
                         [](const auto& want) { return !want.value.empty(); });
    return wants;
}

std::string column_of(const Want& want, char side) {
    return want.side == Side::own ? fmt::format("own_{}", want.column)
                                  : fmt::format("{}_{}", side, want.column);
}

constexpr std::string_view place = "started, id", newest_first = "ORDER BY started DESC, id DESC";

class Builder {
  public:
    Builder(const Filter& filter, Dialect dialect, std::int64_t domain)
        : filter_(filter), dialect_(dialect), wants_(wants_of(filter)), domain_(put(domain)) {
        for (const auto& want : wants_) wanted_.push_back(put(want.value));
        if (filter.from) from_ = put(filter.from->time_since_epoch().count());
        if (filter.to) to_ = put(filter.to->time_since_epoch().count());
        if (filter.after) {
            after_started_ = put(filter.after->started.time_since_epoch().count());
            after_id_ = put(first_id(filter.after->leg));
        }
        const bool place_alone = is_postgres() && filter.offset > 0;
        const auto rows = place_alone ? 1 : std::int64_t{std::clamp(filter_.limit, 0, highest_limit)} + 1;
        limit_ = put(rows);
        if (filter.offset <= 0) return;
        offset_ = put(std::int64_t{filter.offset});
        if (is_postgres() && merges_walks()) reach_ = put(rows + filter.offset);
    }

    QuerySql build() {
        auto text = is_postgres() ? postgres_text() : sqlite_text();
        return {std::move(text), std::move(values_)};
    }

  private:
    bool is_postgres() const { return dialect_ == Dialect::postgres; }

    std::string put(SqlValue value) {
        values_.push_back(value);
        return fmt::format("{}{}", is_postgres() ? '$' : '?', values_.size());
    }

    bool wants_either_side() const { return !wants_.empty() && wants_.front().side == Side::either; }

    // Two walks find the first value: it may be on either side, or PostgreSQL keeps side b in two indices.
    bool merges_walks() const {
        return wants_either_side() || (is_postgres() && !wants_.empty() && wants_.front().side == Side::b);
    }

    // The only walk, when there is one.
    std::string single_walk(std::string_view columns) const {
        if (wants_.empty()) return walk(columns, "by_start", "");
        return walk_side(wants_.front().side == Side::a ? 'a' : 'b', columns);
    }

    std::string sqlite_text() const {
        // A party that called itself is on both sides: UNION, not UNION ALL.
        const auto ids =
            merges_walks() ? walk_side('a', place) + " UNION " + walk_side('b', place) : single_walk(place);
        return fmt::format(
            "SELECT {} FROM cdr WHERE id IN (SELECT id FROM ({} ORDER BY 1 DESC, 2 DESC LIMIT {}{})) {}",
            record_columns, ids, limit_, offset_.empty() ? "" : " OFFSET " + offset_, newest_first);
    }

    std::string postgres_text() const {
        if (offset_.empty()) return fmt::format("{} LIMIT {}", postgres_walk(record_columns, limit_), limit_);
        return fmt::format("{} LIMIT {} OFFSET {}", postgres_walk(place, reach_), limit_, offset_);
    }

    // In order; the caller ends it. `reach`: how far it may go at most.
    std::string postgres_walk(std::string_view columns, const std::string& reach) const {
        if (!merges_walks()) return fmt::format("{} {}", single_walk(columns), newest_first);
        const auto other = wants_either_side() ? walk_side('a', columns) : walk_b(columns, true);
        // Each walk ends by itself, so that the two are merged as they are walked. No record is in both.
        return fmt::format("SELECT {0} FROM (({1} {3} LIMIT {4}) UNION ALL ({2} {3} LIMIT {4})) walks {3}",
                           columns, other, walk_b(columns, false), newest_first, reach);
    }

    // PostgreSQL's walk for the first want on side b: where side a has the same value, or where it has not.
    // The same is not said by `=`: the planner would put the value in its place and not know the index again.
    std::string walk_b(std::string_view columns, bool on_both) const {
        const auto a = column_of(wants_.front(), 'a'), b = column_of(wants_.front(), 'b');
        const auto same = on_both ? fmt::format("({}<>{}) IS FALSE", b, a) : fmt::format("{}<>{}", b, a);
        return walk(columns, "", fmt::format(" AND {0}<>'' AND {1} AND {0}={2}", b, same, wanted_.front()));
    }

    // The walk for the first want, on one side when it has sides.
    std::string walk_side(char side, std::string_view columns) const {
        const auto column = column_of(wants_.front(), side);
        const auto condition = fmt::format(" AND {0}<>'' AND {0}={1}", column, wanted_.front());
        return walk(columns, "by_" + column, condition);
    }

    std::string walk(std::string_view columns, const std::string& index, const std::string& condition) const {
        const auto hint = is_postgres() ? "" : " INDEXED BY " + index;
        auto sql = fmt::format("SELECT {} FROM cdr{} WHERE domain={}{}", columns, hint, domain_, condition);
        if (!from_.empty()) sql += " AND started>=" + from_;
        if (!to_.empty()) sql += " AND started<=" + to_;
        // PostgreSQL leaves out partitions by the plain comparison only.
        if (!after_id_.empty() && is_postgres()) sql += " AND started<=" + after_started_;
        if (!after_id_.empty()) sql += fmt::format(" AND (started,id)<({},{})", after_started_, after_id_);
        sql += kinds();
        for (std::size_t at = 1; at < wants_.size(); ++at) sql += also(wants_[at], wanted_[at]);
        return sql;
    }

    // What the id says of the leg, in as few operations as can be: each record that is walked past is asked.
    std::string kinds() const {
        const std::int64_t rang = filter_.skip_incomplete ? kind::rang : 0;
        const std::int64_t out = filter_.direction == call::Direction::out ? kind::out : 0;
        const std::int64_t mask = rang | (filter_.direction ? kind::out : 0);
        if (!filter_.shown) return mask == 0 ? "" : fmt::format(" AND id&{}={}", mask, rang | out);
        // A called party's record as it is, or a caller's that is turned: `turned` and `out` are both set or
        // both not, and adding the lower of the two leaves the upper one clear.
        static_assert(kind::out == 2 * kind::turned && kind::rang < kind::turned);
        auto sql = fmt::format(" AND (id+{})&{}={}", kind::turned, kind::out | rang, rang);
        if (filter_.direction) sql += fmt::format(" AND id&{}={}", kind::out, out);
        return sql;
    }

    // The condition of a further want, which the index does not answer.
    static std::string also(const Want& want, const std::string& value) {
        const auto on = [&](char side) { return fmt::format("{}={}", column_of(want, side), value); };
        if (want.side == Side::either) return fmt::format(" AND ({} OR {})", on('a'), on('b'));
        return " AND " + on(want.side == Side::a ? 'a' : 'b');
    }

    const Filter& filter_;
    const Dialect dialect_;
    std::vector<Want> wants_;
    std::vector<SqlValue> values_;
    const std::string domain_;
    std::vector<std::string> wanted_;  ///< the parameter of each want
    std::string from_, to_, after_started_, after_id_, limit_, offset_, reach_;
};

}  // namespace

QuerySql query_sql(const Filter& filter, Dialect dialect, std::int64_t domain) {
    return Builder(filter, dialect, domain).build();
}

}  // namespace patchbay::history
