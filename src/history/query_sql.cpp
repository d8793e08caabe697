#include "history/query_sql.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "history/row.hpp"

namespace patchbay::history {
namespace {

enum class Side : std::uint8_t { either, a, b };

// One wanted value. `own`: of the leg's own party.
struct Want {
    std::string_view column, value;
    Side side = Side::either;
    bool own = false;
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
        {"operator", filter.operator_id, Side::either, true},
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

class Builder {
  public:
    Builder(const Filter& filter, Dialect dialect, SqlValue domain)
        : filter_(filter), dialect_(dialect), wants_(wants_of(filter)) {
        domain_ = put(domain);
        if (is_postgres()) domain_ = fmt::format("(SELECT id FROM domain WHERE name={})", domain_);
        for (const auto& want : wants_) wanted_.push_back(put(want.value));
        if (filter.from) from_ = put(filter.from->time_since_epoch().count());
        if (filter.to) to_ = put(filter.to->time_since_epoch().count());
        if (filter.after) {
            after_started_ = put(filter.after->started.time_since_epoch().count());
            after_id_ = put(first_id(filter.after->leg));
        }
        const auto rows = std::int64_t{std::clamp(filter_.limit, 0, highest_limit)} + 1;
        const auto skipped = std::int64_t{std::max(filter_.offset, 0)};
        limit_ = put(rows);
        offset_ = put(skipped);
        if (is_postgres() && merges_sides()) reach_ = put(rows + skipped);
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

    // The first value may be on either side: two walks.
    bool merges_sides() const {
        return !wants_.empty() && wants_.front().side == Side::either && !is_one_sided_own();
    }

    bool is_one_sided_own() const { return wants_.front().own && filter_.direction.has_value(); }

    // The only walk, when there is one.
    std::string single_walk() const {
        if (wants_.empty()) return walk("by_start", "", 0, 0);
        if (is_one_sided_own()) return walk_side(filter_.direction == call::Direction::out ? 'a' : 'b');
        return walk_side(wants_.front().side == Side::a ? 'a' : 'b');
    }

    std::string sqlite_text() const {
        // A party that called itself is on both sides: UNION, not UNION ALL.
        const auto ids = merges_sides() ? walk_side('a') + " UNION " + walk_side('b') : single_walk();
        return fmt::format(
            "SELECT {} FROM cdr WHERE id IN (SELECT id FROM ({} ORDER BY 1 DESC, 2 DESC LIMIT {} "
            "OFFSET {})) ORDER BY started DESC, id DESC",
            record_columns, ids, limit_, offset_);
    }

    std::string postgres_text() const {
        static constexpr const char* order = "ORDER BY started DESC, id DESC";
        auto ids = merges_sides()
                       // Each side ends by itself, so that the two are merged as they are walked.
                       ? fmt::format(
                             "SELECT DISTINCT started, id FROM (({0} {2} LIMIT {3}) UNION ALL ({1} {2} "
                             "LIMIT {3})) sides",
                             walk_side('a'), walk_side('b'), order, reach_)
                       : single_walk();
        return fmt::format(
            "SELECT {} FROM (SELECT started AS page_started, id AS page_id FROM ({} {} LIMIT {} OFFSET {}) "
            "ids) page "
            "JOIN cdr ON domain={} AND started=page_started AND id=page_id ORDER BY page_started DESC, "
            "page_id DESC",
            record_columns, ids, order, limit_, offset_, domain_);
    }

    // The walk for the first want on one side.
    std::string walk_side(char side) const {
        const auto& want = wants_.front();
        const auto column = fmt::format("{}_{}", side, want.column);
        const auto condition = fmt::format(" AND {0}<>'' AND {0}={1}", column, wanted_.front());
        // The own party is side a of a leg that called, side b of one that was called.
        const auto mask = want.own ? kind::out : 0;
        return walk("by_" + column, condition, mask, side == 'a' ? mask : 0);
    }

    std::string walk(const std::string& index, const std::string& condition, std::int64_t mask,
                     std::int64_t bits) const {
        const auto need = [&](std::int64_t bit, bool set) { mask |= bit, bits |= set ? bit : 0; };
        if (filter_.direction) need(kind::out, filter_.direction == call::Direction::out);
        if (filter_.skip_incomplete) need(kind::rang, true);
        if (filter_.skip_supervising) need(kind::supervising, false);
        const auto hint = is_postgres() ? "" : " INDEXED BY " + index;
        auto sql = fmt::format("SELECT started, id FROM cdr{} WHERE domain={}{}", hint, domain_, condition);
        if (!from_.empty()) sql += " AND started>=" + from_;
        if (!to_.empty()) sql += " AND started<=" + to_;
        // PostgreSQL leaves out partitions by the plain comparison only.
        if (!after_id_.empty() && is_postgres()) sql += " AND started<=" + after_started_;
        if (!after_id_.empty()) sql += fmt::format(" AND (started,id)<({},{})", after_started_, after_id_);
        if (mask != 0) sql += fmt::format(" AND id&{}={}", mask, bits);
        for (std::size_t at = 1; at < wants_.size(); ++at) sql += also(wants_[at], wanted_[at]);
        return sql;
    }

    // The condition of a further want, which the index does not answer.
    static std::string also(const Want& want, const std::string& value) {
        const auto on = [&](char side) { return fmt::format("{}_{}={}", side, want.column, value); };
        if (want.own)
            return fmt::format(" AND CASE WHEN id&{}<>0 THEN {} ELSE {} END", kind::out, on('a'), on('b'));
        if (want.side == Side::either) return fmt::format(" AND ({} OR {})", on('a'), on('b'));
        return " AND " + on(want.side == Side::a ? 'a' : 'b');
    }

    const Filter& filter_;
    const Dialect dialect_;
    std::vector<Want> wants_;
    std::vector<SqlValue> values_;
    std::vector<std::string> wanted_;  ///< the parameter of each want
    std::string domain_, from_, to_, after_started_, after_id_, limit_, offset_, reach_;
};

}  // namespace

QuerySql query_sql(const Filter& filter, Dialect dialect, SqlValue domain) {
    return Builder(filter, dialect, domain).build();
}

}  // namespace patchbay::history
