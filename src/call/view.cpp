#include "call/view.hpp"

namespace patchbay::call {
namespace {

bool is_whose(const std::string& number, const std::string& operator_id, const std::string& group,
              const Scope& scope) {
    if (!scope.group.empty() && scope.group != group) return false;
    if (!scope.number.empty() && scope.number != number) return false;
    return scope.operator_id.empty() || scope.operator_id == operator_id;
}

std::vector<Leg*> legs_of_domain(const Core& core, std::string_view domain) {
    std::vector<Leg*> legs;
    for (const auto& [ref, call] : core.store.all()) {
        if (call->domain != domain) continue;
        for (const auto& leg : call->legs) legs.push_back(leg.get());
    }
    std::ranges::sort(legs, {}, &Leg::id);
    return legs;
}

std::vector<Leg*> candidates(const Core& core, const Scope& scope) {
    if (!scope.number.empty()) return core.store.of_number(scope.domain, scope.number);
    if (!scope.operator_id.empty()) return core.store.of_operator(scope.domain, scope.operator_id);
    return legs_of_domain(core, scope.domain);
}

}  // namespace

LegView view(const Leg& leg) {
    LegView seen;
    seen.id = leg.id;
    seen.call = leg.call->ref;
    seen.facts = leg.facts;
    seen.state = leg.state;
    seen.role = leg.role;
    if (leg.role != Role::talker) seen.supervises = leg.supervises;
    if (leg.state != LegState::ended) {
        if (const auto* other = other_of(*leg.call, leg)) seen.other = other->id;
    }
    seen.answered = leg.answered;
    if (leg.state == LegState::parked) seen.park_slot = leg.call->parking->slot;
    seen.recording = leg.recording;
    seen.recording_state = leg.recording_state;
    return seen;
}

bool is_visible(const Leg& leg, const Scope& scope) {
    if (leg.facts->domain != scope.domain) return false;
    const bool outside = !leg.facts->trunk.empty();
    if (is_whose(outside ? std::string() : leg.facts->number, leg.facts->operator_id, leg.facts->group,
                 scope))
        return true;
    if (leg.state != LegState::parked) return false;
    const auto& back = leg.call->parking->back;
    return is_whose(back.number, back.operator_id, back.group, scope);
}

std::vector<LegView> views_of(const Core& core, const Scope& scope) {
    std::vector<LegView> views;
    for (const auto* leg : candidates(core, scope)) {
        if (is_visible(*leg, scope)) views.push_back(view(*leg));
    }
    return views;
}

}  // namespace patchbay::call
