#include "call/park.hpp"

#include "call/cause.hpp"
#include "call/setup.hpp"
#include "call/transfer.hpp"

namespace patchbay::call::park {
namespace {

void forget(Core& core, Call& call) {
    core.store.forget_parked(call);
    call.parking.reset();
}

void unpark(Core& core, Call& call, Leg& parked) {
    core.stop_timer(parked);
    forget(core, call);
    Core::settle_state(parked);
    core.emit(call, parked, LegRetrieved{});
    if (parked.is_held()) core.emit(call, parked, LegHeld{parked.held_by_phone});
}

bool somebody_rings(const Call& call) {
    return std::ranges::any_of(call.legs, [](const auto& leg) { return !leg->is_answered(); });
}

bool ring_back(Core& core, Call& call, const Leg& parked) {
    const auto& back = call.parking->back;
    if (!back.trunk.empty()) return false;
    auto found = find_destination(core, call.domain, back.number, false);
    auto* destination = std::get_if<Destination>(&found);
    if (destination == nullptr) return false;
    RingOrder order;
    order.party = std::move(destination->party);
    order.called_number = back.number;
    order.purpose = Purpose::recall;
    order.timeout = core.config().calls.transfer_timeout;
    return core.ring(call, parked, order) != nullptr;
}

void timed_out(Core& core, Leg& parked) {
    auto& call = *parked.call;
    call.parking->timed_out = true;
    if (ring_back(core, call, parked) || somebody_rings(call)) return;
    leave(core, parked, causes::park_timeout, Tell::sip);
}

}  // namespace

Result<Leg*> start(Core& core, Leg& parker) {
    auto other = transfer::transferee_of(*parker.call, parker);
    if (!other) return other;
    auto& call = *parker.call;
    const auto& limits = core.config().calls;
    const int slot = core.store.free_slot(call.domain, limits.first_park_slot, limits.last_park_slot);
    if (slot == 0) return refuse(refusal::no_slot, "all parking slots are taken");
    auto& parked = **other;
    call.parking = Parking{slot, parked.id, parker.id, party_of(parker), false};
    core.store.note_parked(call);
    Core::settle_state(parked);
    core.emit(call, parked, LegParked{slot});
    core.start_timer(parked, limits.park_timeout, timed_out);
    core.end_leg(parker, causes::parked, Tell::sip);
    settle(core, call, causes::parked);
    return &parked;
}

void taken_by_caller(Core& core, Leg& parked, std::unique_ptr<Leg> caller) {
    auto& call = *parked.call;
    auto* taker = setup::add_caller(core, call, std::move(caller), parked);
    if (taker == nullptr) return;
    core.tools.signalling.answer(taker->id, parked.id);
    core.connect(*taker);
    taken_by(core, call, *taker);
}

void taken_by(Core& core, Call& call, const Leg& taker) {
    auto* parked = call.leg(call.parking->leg);
    setup::answer_caller(core, call, taker, causes::picked_up_elsewhere);
    unpark(core, call, *parked);
    settle(core, call, causes::picked_up_elsewhere);
}

void take_into(Core& core, Leg& parked, Call& to) {
    auto& from = *parked.call;
    unpark(core, from, parked);
    core.store.move_leg(parked, to);
    core.emit(to, parked, LegMoved{from.ref});
    settle(core, from, causes::picked_up_elsewhere);
}

void recall_answered(Core& core, Leg& recalled) {
    core.connect(recalled);
    recalled.purpose = Purpose::party;
    taken_by(core, *recalled.call, recalled);
}

void leg_left(Core& core, Call& call, const Leg& leg, const Cause& cause) {
    auto& parking = *call.parking;
    if (leg.id == parking.leg) {
        forget(core, call);
    } else if (parking.timed_out && !somebody_rings(call)) {
        auto& parked = *call.leg(parking.leg);
        forget(core, call);
        core.end_leg(parked, passed_on(cause), Tell::sip);
    }
}

}  // namespace patchbay::call::park
