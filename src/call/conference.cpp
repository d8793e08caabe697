#include "call/conference.hpp"

#include "call/cause.hpp"
#include "call/hold.hpp"

namespace patchbay::call::conference {
namespace {

Result<Done> may_merge(const Call& call) {
    const bool pickup_pending = std::ranges::any_of(
        call.legs, [](const auto& leg) { return leg->is_pending() && leg->purpose == Purpose::pickup; });
    if (call.transfer || pickup_pending) {
        return refuse(refusal::in_progress, "a transfer of call " + call.ref.text() + " is under way");
    }
    if (call.parking || call.waiting || call.talkers() < 2) {
        return refuse(refusal::wrong_state, "there is no talk in call " + call.ref.text());
    }
    return Done{};
}

// Who comes along: not who is there already, nor whoever still rings or only listens.
bool comes_along(const Leg& leg, const Call& to) {
    const bool there = leg.facts->trunk.empty() && has_number(to, leg.facts->number);
    return leg.is_talking() && !there;
}

}  // namespace

Result<Leg*> merge(Core& core, Leg& leg, Leg& with) {
    auto& call = *leg.call;
    auto& from = *with.call;
    if (&call == &from) return refuse(refusal::invalid, "both legs are in the same call");
    for (const auto* each : {&call, &from}) {
        if (const auto may = may_merge(*each); !may) return may.error();
    }
    if (!leg.is_talking()) {
        return refuse(refusal::wrong_state, "the leg does not talk: it is " + std::string(word(leg.state)));
    }
    auto* first = &leg;
    while (!from.legs.empty()) {
        auto& other = *from.legs.front();
        if (!comes_along(other, call)) {
            core.end_leg(other, causes::conferenced, Tell::sip);
            continue;
        }
        core.store.move_leg(other, call);
        core.emit(call, other, LegMoved{from.ref});
        if (first == &leg) first = &other;
    }
    hold::come_back(core, leg);
    settle(core, from, causes::conferenced);
    settle(core, call, causes::conferenced);
    return first;
}

Result<Leg*> remove(Core& core, Leg& leg, LegId participant) {
    auto* removed = leg.call->leg(participant);
    if (removed == nullptr) {
        return refuse(refusal::no_such_leg, participant.text() + " is not in this conference");
    }
    leave(core, *removed, removed == &leg ? causes::cleared : causes::removed, Tell::sip);
    return removed;
}

}  // namespace patchbay::call::conference
