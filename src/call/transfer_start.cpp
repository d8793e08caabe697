// How transfers begin: the conditions, and the first steps.
#include "call/cause.hpp"
#include "call/hold.hpp"
#include "call/park.hpp"
#include "call/transfer.hpp"
#include "call/waiting.hpp"

namespace patchbay::call::transfer {
namespace {

void begin(Core& core, Leg& transferor, const Leg& transferee, TransferState state, const std::string& to) {
    auto& call = *transferor.call;
    TransferProgress transfer;
    transfer.state = state;
    transfer.transferee = transferee.id;
    transfer.transferor = transferor.id;
    transfer.to = to;
    transfer.back = party_of(transferor);
    call.transfer = std::move(transfer);
    core.emit(call, transferor, TransferStarted{to, state == TransferState::asking});
}

// Rings the target of a transfer that has begun; takes the beginning back when it cannot.
Result<Leg*> ring_target(Core& core, Leg& transferor, const Leg& with, Destination destination) {
    auto& call = *transferor.call;
    RingOrder order;
    order.party = std::move(destination.party);
    order.caller_id = std::move(destination.caller_id);
    order.called_number = call.transfer->to;
    order.purpose = Purpose::target;
    order.timeout = core.config().calls.transfer_timeout;
    auto* target = core.ring(call, with, order);
    if (target == nullptr) {
        core.emit(call, transferor, TransferEnded{false, causes::no_media_port});
        call.transfer.reset();
        return refuse(refusal::no_media, "no media port is left");
    }
    call.transfer->target = target->id;
    return target;
}

Result<Found> destination_for(const Core& core, const Leg& transferor, const std::string& to) {
    const auto& call = *transferor.call;
    if (has_number(call, to)) return refuse(refusal::invalid, "number " + to + " is in this call already");
    auto found = find_destination(core, call.domain, to, transferor.facts->trunk.empty());
    if (const auto* error = std::get_if<Error>(&found)) return *error;
    return found;
}

// There is nobody to wait for: the transfer is done at once, and the transferee waits.
Leg* into_queue(Core& core, Leg& transferor, Leg& transferee, const ToQueue& queue) {
    auto& call = *transferor.call;
    begin(core, transferor, transferee, TransferState::consulting, queue.number);
    waiting::begin(core, transferee, queue);
    complete(core, call);
    return &transferee;
}

// Takes what the second transferor talks with into the first one's call.
void move_other(Core& core, Leg& other, Call& to) {
    const auto from = other.call->ref;
    core.store.move_leg(other, to);
    core.emit(to, other, LegMoved{from});
}

Result<Leg*> second_other(const Leg& second) {
    const auto& call = *second.call;
    auto* other = other_of(call, second);
    const bool rings = second.is_caller() && !second.is_answered() && other != nullptr;
    if (rings) return other;
    return transferee_of(call, second);
}

}  // namespace

Result<Leg*> transferee_of(const Call& call, const Leg& transferor) {
    const bool pickup_pending = std::ranges::any_of(
        call.legs, [](const auto& leg) { return leg->is_pending() && leg->purpose == Purpose::pickup; });
    if (call.transfer || pickup_pending) {
        return refuse(refusal::in_progress, "another transfer of this call is under way");
    }
    if (!transferor.is_talking() || call.parking || call.waiting) {
        return refuse(refusal::wrong_state,
                      "the leg does not talk: it is " + std::string(word(transferor.state)));
    }
    auto* other = other_of(call, transferor);
    if (other == nullptr || !other->is_talking()) {
        return refuse(refusal::wrong_state, "the leg does not talk with exactly one other");
    }
    return other;
}

Result<Leg*> start_blind(Core& core, Leg& transferor, const std::string& to) {
    auto transferee = transferee_of(*transferor.call, transferor);
    if (!transferee) return transferee;
    auto found = destination_for(core, transferor, to);
    if (!found) return found.error();
    auto& other = **transferee;
    if (auto* const* parked = std::get_if<Leg*>(&*found)) {
        begin(core, transferor, other, TransferState::calling, to);
        park::take_into(core, **parked, *transferor.call);
        (*parked)->purpose = Purpose::target;
        transferor.call->transfer->target = (*parked)->id;
        transferor.call->transfer->state = TransferState::consulting;
        complete(core, *transferor.call);
        return &other;
    }
    if (const auto* queue = std::get_if<ToQueue>(&*found)) return into_queue(core, transferor, other, *queue);
    begin(core, transferor, other, TransferState::calling, to);
    auto rung = ring_target(core, transferor, other, std::move(std::get<Destination>(*found)));
    if (!rung) return rung;
    settle(core, *transferor.call, causes::transferred);
    return &other;
}

Result<Leg*> start_attended(Core& core, Leg& transferor, const std::string& to) {
    auto transferee = transferee_of(*transferor.call, transferor);
    if (!transferee) return transferee;
    auto found = destination_for(core, transferor, to);
    if (!found) return found.error();
    if (std::holds_alternative<ToQueue>(*found)) {
        return refuse(refusal::invalid,
                      to + " is a queue: nobody can be asked there, only a blind transfer helps");
    }
    begin(core, transferor, **transferee, TransferState::asking, to);
    if (auto* const* parked = std::get_if<Leg*>(&*found)) {
        park::take_into(core, **parked, *transferor.call);
        transferor.call->transfer->target = (*parked)->id;
        transferor.call->transfer->state = TransferState::consulting;
    } else {
        auto rung = ring_target(core, transferor, transferor, std::move(std::get<Destination>(*found)));
        if (!rung) return rung;
    }
    hold::come_back(core, transferor);
    settle(core, *transferor.call, causes::transferred);
    return *transferee;
}

Result<Leg*> join(Core& core, Leg& first, Leg& second) {
    auto& call = *first.call;
    auto& from = *second.call;
    if (&call == &from) return refuse(refusal::invalid, "both legs are in the same call");
    auto transferee = transferee_of(call, first);
    if (!transferee) return transferee;
    auto target = second_other(second);
    if (!target) return target;
    auto& other = **target;
    begin(core, first, **transferee, TransferState::calling, other.facts->number);
    move_other(core, other, call);
    call.transfer->target = other.id;
    other.purpose = Purpose::target;
    leave(core, second, causes::transferred, Tell::sip);
    if (other.is_answered()) {
        call.transfer->state = TransferState::consulting;
        complete(core, call);
    } else if (other.state == LegState::alerting) {
        target_rings(core, other);
    } else {
        settle(core, call, causes::transferred);
    }
    return *transferee;
}

}  // namespace patchbay::call::transfer
