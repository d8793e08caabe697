#include "call/call_store.hpp"

#include <algorithm>

namespace patchbay::call {
namespace {

std::unique_ptr<Leg> take(Call& call, const Leg& leg) {
    const auto found = std::ranges::find(call.legs, &leg, &std::unique_ptr<Leg>::get);
    auto taken = std::move(*found);
    call.legs.erase(found);
    return taken;
}

}  // namespace

CallStore::CallStore() {
    constexpr std::size_t expected_calls = 4096;
    calls_.reserve(expected_calls);
    legs_.reserve(2 * expected_calls);
}

Call& CallStore::add_call(CallRef ref, std::string domain) {
    auto call = std::make_unique<Call>();
    call->ref = ref;
    call->domain = std::move(domain);
    call->legs.reserve(2);
    return *calls_.emplace(ref, std::move(call)).first->second;
}

void CallStore::remove_call(Call& call) {
    auto node = calls_.extract(call.ref);
    gone_calls_.push_back(std::move(node.mapped()));
}

Leg& CallStore::add_leg(Call& call, std::unique_ptr<Leg> leg) {
    leg->call = &call;
    legs_.emplace(leg->id, leg.get());
    const auto& facts = *leg->facts;
    // Outside numbers are endless, so only extensions have an entry.
    if (facts.trunk.empty()) index(by_number_, call.domain, facts.number, leg->id);
    if (!facts.operator_id.empty()) index(by_operator_, call.domain, facts.operator_id, leg->id);
    return *call.legs.emplace_back(std::move(leg));
}

void CallStore::remove_leg(Leg& leg) {
    legs_.erase(leg.id);
    const auto& facts = *leg.facts;
    if (facts.trunk.empty()) unindex(by_number_, leg.call->domain, facts.number, leg.id);
    if (!facts.operator_id.empty()) unindex(by_operator_, leg.call->domain, facts.operator_id, leg.id);
    gone_legs_.push_back(take(*leg.call, leg));
}

void CallStore::move_leg(Leg& leg, Call& to) {
    to.legs.push_back(take(*leg.call, leg));
    leg.call = &to;
}

void CallStore::give_operator(Leg& leg, LegFactsPtr facts) {
    leg.facts = std::move(facts);
    index(by_operator_, leg.call->domain, leg.facts->operator_id, leg.id);
}

void CallStore::sweep() {
    gone_legs_.clear();
    gone_calls_.clear();
}

Leg* CallStore::leg(LegId id) const {
    const auto found = legs_.find(id);
    return found == legs_.end() ? nullptr : found->second;
}

Call* CallStore::call(CallRef ref) const {
    const auto found = calls_.find(ref);
    return found == calls_.end() ? nullptr : found->second.get();
}

Leg* CallStore::parked_at(std::string_view domain, int slot) const {
    const auto slots = slots_.find(domain);
    if (slots == slots_.end()) return nullptr;
    const auto found = slots->second.find(slot);
    return found == slots->second.end() ? nullptr : leg(found->second);
}

Leg* CallStore::parked_by(LegId parker) const {
    const auto found = parkers_.find(parker);
    return found == parkers_.end() ? nullptr : leg(found->second);
}

int CallStore::free_slot(std::string_view domain, int first, int last) const {
    const auto slots = slots_.find(domain);
    int candidate = first;
    if (slots != slots_.end()) {
        for (auto taken = slots->second.lower_bound(first);
             taken != slots->second.end() && taken->first == candidate; ++taken) {
            ++candidate;
        }
    }
    return candidate <= last ? candidate : 0;
}

void CallStore::note_parked(const Call& call) {
    const auto& parking = *call.parking;
    slots_[call.domain][parking.slot] = parking.leg;
    parkers_[parking.parker] = parking.leg;
    if (parking.back.trunk.empty()) index(by_number_, call.domain, parking.back.number, parking.leg);
    if (!parking.back.operator_id.empty()) {
        index(by_operator_, call.domain, parking.back.operator_id, parking.leg);
    }
}

void CallStore::forget_parked(const Call& call) {
    const auto& parking = *call.parking;
    slots_[call.domain].erase(parking.slot);
    parkers_.erase(parking.parker);
    if (parking.back.trunk.empty()) unindex(by_number_, call.domain, parking.back.number, parking.leg);
    if (!parking.back.operator_id.empty()) {
        unindex(by_operator_, call.domain, parking.back.operator_id, parking.leg);
    }
}

std::vector<Leg*> CallStore::of_number(std::string_view domain, std::string_view number) const {
    return found_in(by_number_, domain, number);
}

std::vector<Leg*> CallStore::of_operator(std::string_view domain, std::string_view operator_id) const {
    return found_in(by_operator_, domain, operator_id);
}

std::string CallStore::key(std::string_view domain, std::string_view name) {
    std::string text;
    text.reserve(domain.size() + name.size() + 1);
    return text.append(domain).append(1, '\n').append(name);
}

void CallStore::index(Index& by, std::string_view domain, const std::string& name, LegId leg) {
    by[key(domain, name)].push_back(leg);
}

void CallStore::unindex(Index& by, std::string_view domain, const std::string& name, LegId leg) {
    auto& legs = by[key(domain, name)];
    const auto found = std::ranges::find(legs, leg);
    if (found != legs.end()) legs.erase(found);
}

std::vector<Leg*> CallStore::found_in(const Index& by, std::string_view domain, std::string_view name) const {
    std::vector<Leg*> legs;
    const auto found = by.find(key(domain, name));
    if (found == by.end()) return legs;
    for (const auto id : found->second) legs.push_back(leg(id));
    std::ranges::sort(legs, {}, &Leg::id);
    legs.erase(std::unique(legs.begin(), legs.end()), legs.end());
    return legs;
}

}  // namespace patchbay::call
