#include "call/transfer.hpp"

#include "call/cause.hpp"

namespace patchbay::call::transfer {
namespace {

constexpr int sip_ringing = 180, sip_ok = 200, sip_unavailable = 503;

// On whose leg the end of the transfer is told: see event.hpp.
Leg* teller(const Call& call) {
    for (const auto id : {call.transfer->transferor, call.transfer->transferee, call.transfer->target}) {
        if (auto* leg = call.leg(id)) return leg;
    }
    const bool goes_on = call.transfer->of_conference && !call.legs.empty();
    return goes_on ? call.legs.front().get() : nullptr;
}

void report(Core& core, Call& call, bool done, const Cause& cause) {
    auto& transfer = *call.transfer;
    if (transfer.reported) return;
    transfer.reported = true;
    if (auto* leg = teller(call)) core.emit(call, *leg, TransferEnded{done, cause});
    auto* transferor = call.leg(transfer.transferor);
    if (transferor == nullptr || !transferor->refers) return;
    transferor->refers = false;
    const bool has_status = cause.sip >= 300;
    core.tools.signalling.refer_progress(transferor->id, done         ? sip_ok
                                                         : has_status ? cause.sip
                                                                      : sip_unavailable);
}

// The transfer is over; who is left of it are parties like any other.
void finish(Core& core, Call& call, bool done, const Cause& cause) {
    report(core, call, done, cause);
    if (auto* target = call.leg(call.transfer->target)) target->purpose = Purpose::party;
    call.transfer.reset();
}

void end_transferor(Core& core, Call& call, const Cause& cause) {
    auto* transferor = call.leg(call.transfer->transferor);
    call.transfer->transferor = {};
    if (transferor == nullptr) return;
    // From here the transfer is ours: should it fail, the transferor is rung anew.
    refer_done(core, *transferor);
    core.end_leg(*transferor, cause, Tell::sip);
}

void end_target(Core& core, Call& call, const Cause& cause) {
    auto* target = call.leg(call.transfer->target);
    if (target != nullptr) core.end_leg(*target, cause, Tell::sip);
}

// Rings whoever transferred, for the transferee who has nobody. False when that cannot be rung.
bool ring_back(Core& core, Call& call, const Leg& transferee) {
    auto& transfer = *call.transfer;
    if (!transfer.back.trunk.empty()) return false;
    auto found = find_destination(core, call.domain, transfer.back.number, false);
    auto* destination = std::get_if<Destination>(&found);
    if (destination == nullptr) return false;
    RingOrder order;
    order.party = std::move(destination->party);
    order.called_number = transfer.back.number;
    order.purpose = Purpose::recall;
    order.timeout = core.config().calls.transfer_timeout;
    const auto* recalled = core.ring(call, transferee, order);
    if (recalled == nullptr) return false;
    transfer.state = TransferState::recalling;
    transfer.target = recalled->id;
    return true;
}

void recall(Core& core, Call& call, const Cause& cause) {
    report(core, call, false, cause);
    const auto* transferee = call.leg(call.transfer->transferee);
    const bool alone = call.talkers() < 2;
    if (transferee != nullptr && alone && ring_back(core, call, *transferee)) return;
    finish(core, call, false, cause);
}

void target_left(Core& core, Call& call, const Cause& cause) {
    auto& transfer = *call.transfer;
    switch (transfer.state) {
        case TransferState::calling:
            if (call.leg(transfer.transferor) != nullptr) return finish(core, call, false, cause);
            return recall(core, call, cause);
        case TransferState::ringing:
            return recall(core, call, cause);
        case TransferState::recalling:
        case TransferState::asking:
        case TransferState::consulting:
            return finish(core, call, false, cause);
    }
}

void transferee_left(Core& core, Call& call, const Cause& cause) {
    auto& transfer = *call.transfer;
    switch (transfer.state) {
        case TransferState::calling:
        case TransferState::ringing:
        case TransferState::recalling:
            report(core, call, false, cause);
            end_target(core, call, passed_on(cause));
            return finish(core, call, false, cause);
        case TransferState::asking:
            transfer.transferee = {};
            return;
        case TransferState::consulting:
            return finish(core, call, false, cause);
    }
}

// One of those who talk on has left. The last one has nobody to talk with: it waits, as a transferee does.
void other_left(Call& call) {
    auto& transfer = *call.transfer;
    const auto talks_on = [&](const auto& leg) {
        return leg->is_talking() && leg->id != transfer.transferor && leg->id != transfer.target;
    };
    if (!transfer.of_conference || std::ranges::count_if(call.legs, talks_on) != 1) return;
    transfer.of_conference = false;
    transfer.transferee = (*std::ranges::find_if(call.legs, talks_on))->id;
}

// Is there nobody to whom the target could be given?
bool is_for_nobody(const Call& call) {
    return !call.transfer->of_conference && call.leg(call.transfer->transferee) == nullptr;
}

void transferor_left(Core& core, Call& call, const Cause& cause) {
    auto& transfer = *call.transfer;
    transfer.transferor = {};
    if (transfer.state == TransferState::consulting) return finish(core, call, true, causes::transferred);
    if (transfer.state != TransferState::asking) return;
    const auto* target = call.leg(transfer.target);
    if (is_for_nobody(call)) {
        report(core, call, false, cause);
        end_target(core, call, passed_on(cause));
        return finish(core, call, false, cause);
    }
    const bool rings = target->state == LegState::alerting;
    transfer.state = rings ? TransferState::ringing : TransferState::calling;
}

}  // namespace

void refer_done(Core& core, Leg& transferor) {
    if (std::exchange(transferor.refers, false)) {
        core.tools.signalling.refer_progress(transferor.id, sip_ok);
    }
}

void target_rings(Core& core, Leg& target) {
    auto& call = *target.call;
    if (!call.transfer || call.transfer->state != TransferState::calling) return;
    call.transfer->state = TransferState::ringing;
    if (const auto* transferor = call.leg(call.transfer->transferor); transferor && transferor->refers) {
        core.tools.signalling.refer_progress(transferor->id, sip_ringing);
    }
    end_transferor(core, call, causes::transferred);
    settle(core, call, causes::transferred);
}

void target_answered(Core& core, Leg& target) {
    auto& call = *target.call;
    core.connect(target);
    auto& transfer = *call.transfer;
    if (transfer.state == TransferState::asking) {
        transfer.state = TransferState::consulting;
        if (is_for_nobody(call)) finish(core, call, false, causes::hung_up);
    } else {
        report(core, call, true, causes::transferred);
        end_transferor(core, call, causes::transferred);
        finish(core, call, true, causes::transferred);
    }
    settle(core, call, causes::transferred);
}

void complete(Core& core, Call& call) {
    auto* transferor = call.leg(call.transfer->transferor);
    if (call.transfer->state == TransferState::consulting) {
        report(core, call, true, causes::transferred);
        end_transferor(core, call, causes::transferred);
        finish(core, call, true, causes::transferred);
        settle(core, call, causes::transferred);
    } else {
        leave(core, *transferor, causes::transferred, Tell::sip);
    }
}

void cancel(Core& core, Call& call) {
    report(core, call, false, causes::transfer_cancelled);
    end_target(core, call, causes::transfer_cancelled);
    finish(core, call, false, causes::transfer_cancelled);
    settle(core, call, causes::transfer_cancelled);
}

bool consults(const Leg& leg, const std::string& number) {
    const auto& transfer = leg.call->transfer;
    return transfer && transfer->state == TransferState::consulting && transfer->transferor == leg.id &&
           transfer->to == number;
}

Result<Leg*> make_conference(Core& core, Call& call) {
    auto* target = call.leg(call.transfer->target);
    finish(core, call, false, causes::conferenced);
    settle(core, call, causes::conferenced);
    return target;
}

void abandon(Core& core, Call& call, const Cause& cause) {
    finish(core, call, false, cause);
}

void leg_left(Core& core, Call& call, LegId leg, const Cause& cause) {
    const auto& transfer = *call.transfer;
    if (leg == transfer.target) {
        target_left(core, call, cause);
    } else if (leg == transfer.transferee) {
        transferee_left(core, call, cause);
    } else if (leg == transfer.transferor) {
        transferor_left(core, call, cause);
    } else {
        other_left(call);
    }
}

}  // namespace patchbay::call::transfer
