#include "history/query_sql.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "history/schema.hpp"

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
    Builder(const Filter& filter, std::int64_t domain) : filter_(filter), wants_(wants_of(filter)) {
        domain_ = put(domain);
        for (const auto& want : wants_) wanted_.push_back(put(want.value));
        if (filter.from) from_ = put(filter.from->time_since_epoch().count());
        if (filter.to) to_ = put(filter.to->time_since_epoch().count());
        if (filter.after) {
            after_started_ = put(filter.after->started.time_since_epoch().count());
            after_id_ = put(first_id(filter.after->leg));
        }
    }

    QuerySql build() {
        std::string ids;
        if (wants_.empty()) {
            ids = walk("by_start", "", 0, 0);
        } else if (wants_.front().own && filter_.direction) {
            ids = walk_side(filter_.direction == call::Direction::out ? 'a' : 'b');
        } else if (wants_.front().side == Side::either) {
            // A party that called itself is on both sides: UNION, not UNION ALL.
            ids = walk_side('a') + " UNION " + walk_side('b');
        } else {
            ids = walk_side(wants_.front().side == Side::a ? 'a' : 'b');
        }
        const auto limit = put(std::int64_t{std::clamp(filter_.limit, 0, highest_limit)} + 1);
        const auto offset = put(std::int64_t{std::max(filter_.offset, 0)});
        auto text = fmt::format(
            "SELECT {} FROM cdr WHERE id IN (SELECT id FROM ({} ORDER BY 1 DESC, 2 DESC LIMIT {} OFFSET {})) "
            "ORDER BY started DESC, id DESC",
            record_columns, ids, limit, offset);
        return {std::move(text), std::move(values_)};
    }

  private:
    std::string put(std::variant<std::int64_t, std::string_view> value) {
        values_.push_back(value);
        return fmt::format("?{}", values_.size());
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
        auto sql = fmt::format("SELECT started, id FROM cdr INDEXED BY {} WHERE domain={}{}", index, domain_,
                               condition);
        if (!from_.empty()) sql += " AND started>=" + from_;
        if (!to_.empty()) sql += " AND started<=" + to_;
        if (!after_id_.empty()) sql += fmt::format(" AND (started,id)<({},{})", after_started_, after_id_);
        if (mask != 0) sql += fmt::format(" AND id&{}={}", mask, bits);
        for (std::size_t at = 1; at < wants_.size(); ++at) sql += also(wants_[at], wanted_[at]);
        return sql;
    }

    // The condition of a further want, which the index does not answer.
    static std::string also(const Want& want, const std::string& value) {
        const auto on = [&](char side) { return fmt::format("{}_{}={}", side, want.column, value); };
        if (want.own)
            return fmt::format(" AND CASE WHEN id&{} THEN {} ELSE {} END", kind::out, on('a'), on('b'));
        if (want.side == Side::either) return fmt::format(" AND ({} OR {})", on('a'), on('b'));
        return " AND " + on(want.side == Side::a ? 'a' : 'b');
    }

    const Filter& filter_;
    std::vector<Want> wants_;
    std::vector<std::variant<std::int64_t, std::string_view>> values_;
    std::vector<std::string> wanted_;  ///< the parameter of each want
    std::string domain_, from_, to_, after_started_, after_id_;
};

}  // namespace

QuerySql query_sql(const Filter& filter, std::int64_t domain) {
    return Builder(filter, domain).build();
}

}  // namespace patchbay::history
