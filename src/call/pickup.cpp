#include "call/pickup.hpp"

#include "call/cause.hpp"
#include "call/park.hpp"
#include "call/rung.hpp"
#include "call/setup.hpp"

namespace patchbay::call::pickup {
namespace {

struct Place {
    const Leg* with = nullptr;  ///< whom the taker will talk with
    LegId replaces;
};

bool is_ringing_target(const Leg& leg) {
    return !leg.is_answered() && (leg.purpose == Purpose::target || leg.purpose == Purpose::recall);
}

Result<Place> place_of(const Call& call, const Leg& leg) {
    if (call.parking) return Place{call.leg(call.parking->leg), {}};
    const bool for_caller = leg.is_caller() || leg.purpose == Purpose::party;
    if (const auto* caller = call.waiting_caller(); caller != nullptr && for_caller) return Place{caller, {}};
    const auto* other = other_of(call, leg);
    if (is_ringing_target(leg) && other != nullptr) return Place{other, leg.id};
    if (leg.is_talking() && other != nullptr && other->is_talking()) return Place{other, leg.id};
    return refuse(refusal::wrong_state, "the leg cannot be picked up: it is " + std::string(word(leg.state)));
}

bool may_call_out(const Call& call, const Leg& leg) {
    return call.parking ? call.parking->back.trunk.empty() : leg.facts->trunk.empty();
}

// May a leg be replaced by that caller? Not the caller's own early dialog (RFC 3891, section 3), nor one of
// somebody else's domain or trunk.
bool is_replaceable(const Leg* replaced, const Leg& caller) {
    if (replaced == nullptr || replaced->is_put_aside()) return false;
    const bool calls = replaced->is_caller() || replaced->purpose == Purpose::originator;
    if (calls && !replaced->is_answered()) return false;
    if (replaced->facts->domain != caller.facts->domain) return false;
    return caller.facts->trunk.empty() || caller.facts->trunk == replaced->facts->trunk;
}

// What `from` is in the call's transfer, `to` is from now on.
void take_part(Call& call, const Leg& from, const Leg& to) {
    if (!call.transfer) return;
    for (auto* id : {&call.transfer->transferee, &call.transfer->transferor, &call.transfer->target}) {
        if (*id == from.id) *id = to.id;
    }
}

// All that the call says of `from` is true of `to` from now on.
void substitute(Call& call, const Leg& from, Leg& to) {
    to.role = from.role;
    to.purpose = from.purpose;
    to.supervises = from.supervises;
    to.joined = from.joined;
    to.replaces = from.replaces;
    const auto exchange = [&](LegId& id) {
        if (id == from.id) id = to.id;
    };
    for (const auto& leg : call.legs) {
        exchange(leg->supervises);
        exchange(leg->replaces);
    }
    take_part(call, from, to);
}

}  // namespace

Result<Leg*> start(Core& core, Leg& leg, const std::string& to) {
    auto& call = *leg.call;
    const bool pending = std::ranges::any_of(
        call.legs, [](const auto& l) { return l->is_pending() && l->purpose == Purpose::pickup; });
    if (pending || (call.transfer && !is_ringing_target(leg))) {
        return refuse(refusal::in_progress, "somebody else is picking this call up, or transfers it");
    }
    const auto place = place_of(call, leg);
    if (!place) return place.error();
    auto destination = destination_to_join(core, call, to, may_call_out(call, leg));
    if (!destination) return destination.error();
    RingOrder order;
    order.party = std::move(destination->party);
    order.caller_id = std::move(destination->caller_id);
    order.called_number = to;
    order.purpose = Purpose::pickup;
    order.replaces = place.value().replaces;
    order.timeout = core.config().sip.ring_timeout;
    auto* rung = core.ring(call, *place.value().with, order);
    if (rung == nullptr) return refuse(refusal::no_media, "no media port is left");
    return rung;
}

void answered(Core& core, Leg& taker) {
    auto& call = *taker.call;
    auto* replaced = call.leg(taker.replaces);
    if (replaced != nullptr && is_ringing_target(*replaced)) {
        substitute(call, *replaced, taker);
        core.end_leg(*replaced, causes::picked_up_elsewhere, Tell::sip);
        return rung::answers(core, taker);
    }
    core.connect(taker);
    taker.purpose = Purpose::party;
    taker.replaces = {};
    if (call.parking) return park::taken_by(core, call, taker);
    if (replaced != nullptr) {
        // It was a transfer's ringing target when this pickup began.
        take_part(call, *replaced, taker);
        core.end_leg(*replaced, causes::replaced, Tell::sip);
    } else {
        setup::answer_caller(core, call, taker, causes::picked_up_elsewhere);
    }
    settle(core, call, causes::replaced);
}

void replaced_by_caller(Core& core, LegId replaced_id, std::unique_ptr<Leg> caller) {
    auto* replaced = core.store.leg(replaced_id);
    if (!is_replaceable(replaced, *caller)) {
        setup::refuse_caller(core, std::move(caller), causes::no_such_dialog);
        return;
    }
    auto& call = *replaced->call;
    const auto* other = other_of(call, *replaced);
    const auto like = other == nullptr ? LegId{} : other->id;
    auto* taker = setup::add_caller(core, call, std::move(caller), other == nullptr ? *replaced : *other);
    if (taker == nullptr) return;
    substitute(call, *replaced, *taker);
    const bool was_answered = replaced->is_answered();
    core.end_leg(*replaced, was_answered ? causes::replaced : causes::picked_up_elsewhere, Tell::sip);
    core.tools.signalling.answer(taker->id, like);
    if (!was_answered) return rung::answers(core, *taker);
    core.connect(*taker);
    settle(core, call, causes::replaced);
}

}  // namespace patchbay::call::pickup
