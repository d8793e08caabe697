#include "media/placement.hpp"

#include <algorithm>
#include <unordered_set>

namespace patchbay::media {

std::size_t Placement::open(LegId leg) {
    const auto fewest = std::ranges::min_element(legs_on_);
    ++*fewest;
    const auto thread = static_cast<std::size_t>(fewest - legs_on_.begin());
    legs_[leg].thread = thread;
    return thread;
}

void Placement::close(LegId leg) {
    const auto found = legs_.find(leg);
    if (found == legs_.end()) return;
    remember({leg, {}});
    for (const LegId listener : found->second.listeners)
        std::erase(legs_.at(listener).sources, call::Source(leg));
    --legs_on_[found->second.thread];
    legs_.erase(found);
}

void Placement::remember(const call::HearingRow& row) {
    Leg& ear = legs_.at(row.ear);
    for (const call::Source& source : ear.sources) {
        if (const auto* leg = std::get_if<LegId>(&source)) std::erase(legs_.at(*leg).listeners, row.ear);
    }
    ear.sources.clear();
    for (const call::Source& source : row.sources) {
        if (const auto* leg = std::get_if<LegId>(&source)) {
            const auto found = legs_.find(*leg);
            if (found == legs_.end() || *leg == row.ear) continue;
            found->second.listeners.push_back(row.ear);
        }
        ear.sources.push_back(source);
    }
}

/// All open legs that hear each other, directly or through others, beginning with those of the rows.
std::vector<LegId> Placement::joined_with(const call::Hearing& rows) const {
    std::vector<LegId> joined;
    std::unordered_set<LegId> seen;
    const auto add = [&](LegId leg) {
        if (seen.insert(leg).second) joined.push_back(leg);
    };
    for (const call::HearingRow& row : rows) add(row.ear);
    std::size_t looked_at = 0;
    while (looked_at < joined.size()) {
        const Leg& leg = legs_.at(joined[looked_at++]);
        for (const call::Source& source : leg.sources) {
            if (const auto* other = std::get_if<LegId>(&source)) add(*other);
        }
        for (const LegId listener : leg.listeners) add(listener);
    }
    return joined;
}

Placement::Plan Placement::hear(const call::Hearing& rows) {
    Plan plan{.moves = {}, .rows = rows};
    std::erase_if(plan.rows, [&](const call::HearingRow& row) { return !legs_.contains(row.ear); });
    if (legs_on_.size() == 1 || plan.rows.empty()) return plan;

    for (const call::HearingRow& row : plan.rows) remember(row);
    const auto joined = joined_with(plan.rows);
    plan.thread = legs_.at(joined.front()).thread;
    for (const LegId id : joined) {
        Leg& leg = legs_.at(id);
        if (leg.thread == plan.thread) continue;
        plan.moves.push_back({id, leg.thread, plan.thread});
        --legs_on_[leg.thread];
        ++legs_on_[plan.thread];
        leg.thread = plan.thread;
    }
    if (plan.moves.empty()) return plan;
    plan.rows.clear();
    for (const LegId id : joined) plan.rows.push_back({id, legs_.at(id).sources});
    return plan;
}

}  // namespace patchbay::media
