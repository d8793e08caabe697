#include "call/supervise.hpp"

#include "call/cause.hpp"
#include "call/transfer.hpp"

namespace patchbay::call::supervise {
namespace {

Role role_of(SuperviseMode mode) {
    switch (mode) {
        case SuperviseMode::observe:
            return Role::observer;
        case SuperviseMode::consult:
            return Role::consultant;
        case SuperviseMode::conference:
            break;
    }
    return Role::talker;
}

Result<Leg*> change_mode(Core& core, const Leg& supervised, Leg& supervisor, SuperviseMode mode) {
    auto& call = *supervised.call;
    const auto role = role_of(mode);
    const bool leaves_the_talk = supervisor.is_talking() && role != Role::talker;
    if (leaves_the_talk && call.talkers() <= 2) {
        return refuse(refusal::wrong_state, "without " + supervisor.facts->number + " nobody talks any more");
    }
    supervisor.role = role;
    // Who is still rung for a conference is watched until it answers, but supervises nobody.
    const bool watches = role != Role::talker || !supervisor.is_answered();
    supervisor.supervises = watches ? supervised.id : LegId{};
    const auto told = role == Role::talker ? LegId{} : supervised.id;
    core.emit(call, supervisor, LegChanged{supervisor.facts, role, told});
    settle(core, call, causes::supervision_ended);
    return &supervisor;
}

}  // namespace

Result<Leg*> start(Core& core, Leg& supervised, const std::string& to, SuperviseMode mode) {
    auto& call = *supervised.call;
    if (mode == SuperviseMode::conference && transfer::consults(supervised, to)) {
        return transfer::make_conference(core, call);
    }
    if (call.transfer) return refuse(refusal::in_progress, "the call is being transferred");
    if (!supervised.is_talking() || call.talkers() < 2) {
        return refuse(refusal::wrong_state,
                      "there is no talk to join: the leg is " + std::string(word(supervised.state)));
    }
    const auto there = std::ranges::find_if(call.legs, [&](const auto& leg) {
        return leg->joined && leg.get() != &supervised && leg->facts->called_number == to;
    });
    if (there != call.legs.end()) return change_mode(core, supervised, **there, mode);
    auto destination = destination_to_join(core, call, to, supervised.facts->trunk.empty());
    if (!destination) return destination.error();
    RingOrder order;
    order.party = std::move(destination->party);
    order.caller_id = std::move(destination->caller_id);
    order.called_number = to;
    order.purpose = Purpose::supervisor;
    order.role = role_of(mode);
    order.supervises = supervised.id;
    order.joined = true;
    order.timeout = core.config().sip.ring_timeout;
    auto* rung = core.ring(call, supervised, order);
    if (rung == nullptr) return refuse(refusal::no_media, "no media port is left");
    return rung;
}

void answered(Core& core, Leg& supervisor) {
    auto& call = *supervisor.call;
    core.connect(supervisor);
    supervisor.purpose = Purpose::party;
    if (supervisor.role == Role::talker) {
        supervisor.supervises = {};
        // Who waits for the one that is rung back has somebody to talk with.
        const bool recalls = call.transfer && call.transfer->state == TransferState::recalling;
        if (recalls) return transfer::cancel(core, call);
    }
    settle(core, call, causes::supervision_ended);
}

}  // namespace patchbay::call::supervise
