// How transfers begin: the conditions, and the first steps.
#include "call/cause.hpp"
#include "call/conference.hpp"
#include "call/hold.hpp"
#include "call/park.hpp"
#include "call/transfer.hpp"
#include "call/waiting.hpp"

namespace patchbay::call::transfer {
namespace {

// Without a transferee the transferor leaves a conference.
void begin(Core& core, Leg& transferor, const Leg* transferee, TransferState state, const std::string& to) {
    auto& call = *transferor.call;
    TransferProgress transfer;
    transfer.state = state;
    transfer.of_conference = transferee == nullptr;
    if (transferee != nullptr) transfer.transferee = transferee->id;
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
    begin(core, transferor, &transferee, TransferState::consulting, queue.number);
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

bool is_conference(const Call& call) {
    return call.talkers() > 2;
}

// Everybody of both talks is together, but for the transferor.
Result<Leg*> join_talks(Core& core, Leg& first, Leg& second) {
    auto merged = conference::merge(core, first, second);
    if (!merged) return merged;
    if (auto* other = core.store.leg(second.id)) leave(core, *other, causes::transferred, Tell::sip);
    refer_done(core, first);
    leave(core, first, causes::transferred, Tell::sip);
    return merged;
}

Result<Leg*> second_other(const Leg& second) {
    const auto& call = *second.call;
    auto* other = other_of(call, second);
    const bool rings = second.is_caller() && !second.is_answered() && other != nullptr;
    if (rings) return other;
    return transferee_of(call, second);
}

// May the leg leave its talk? Yields whom it leaves waiting; null: those of a conference talk on.
Result<Leg*> left_behind(const Call& call, const Leg& transferor) {
    auto transferee = transferee_of(call, transferor);
    const bool leaves_many = !transferee && transferee.error().code == refusal::wrong_state &&
                             transferor.is_talking() && !call.parking && !call.waiting && is_conference(call);
    if (leaves_many) return nullptr;
    return transferee;
}

// Whoever waits in the slot talks with the transferor's other party from now on.
void into_slot(Core& core, Leg& transferor, const Leg* other, Leg& parked, const std::string& to) {
    auto& call = *transferor.call;
    begin(core, transferor, other, TransferState::calling, to);
    park::take_into(core, parked, call);
    parked.purpose = Purpose::target;
    call.transfer->target = parked.id;
    call.transfer->state = TransferState::consulting;
    complete(core, call);
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
    auto left = left_behind(*transferor.call, transferor);
    if (!left) return left;
    auto found = destination_for(core, transferor, to);
    if (!found) return found.error();
    auto* transferee = *left;
    auto& with = transferee == nullptr ? transferor : *transferee;
    if (auto* const* parked = std::get_if<Leg*>(&*found)) {
        into_slot(core, transferor, transferee, **parked, to);
        return &with;
    }
    if (const auto* queue = std::get_if<ToQueue>(&*found)) {
        if (transferee != nullptr) return into_queue(core, transferor, *transferee, *queue);
        return refuse(refusal::wrong_state, "more than one would wait in queue " + queue->id);
    }
    begin(core, transferor, transferee, TransferState::calling, to);
    auto rung = ring_target(core, transferor, with, std::move(std::get<Destination>(*found)));
    if (!rung) return rung;
    settle(core, *transferor.call, causes::transferred);
    return &with;
}

Result<Leg*> start_attended(Core& core, Leg& transferor, const std::string& to) {
    auto left = left_behind(*transferor.call, transferor);
    if (!left) return left;
    auto found = destination_for(core, transferor, to);
    if (!found) return found.error();
    if (std::holds_alternative<ToQueue>(*found)) {
        return refuse(refusal::invalid,
                      to + " is a queue: nobody can be asked there, only a blind transfer helps");
    }
    begin(core, transferor, *left, TransferState::asking, to);
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
    return *left == nullptr ? &transferor : *left;
}

Result<Leg*> join(Core& core, Leg& first, Leg& second) {
    auto& call = *first.call;
    auto& from = *second.call;
    if (&call == &from) return refuse(refusal::invalid, "both legs are in the same call");
    if (is_conference(call) || is_conference(from)) return join_talks(core, first, second);
    auto transferee = transferee_of(call, first);
    if (!transferee) return transferee;
    auto target = second_other(second);
    if (!target) return target;
    auto& other = **target;
    begin(core, first, *transferee, TransferState::calling, other.facts->number);
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
