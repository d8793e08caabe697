#include "call/supervise.hpp"

#include "call/cause.hpp"

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

}  // namespace

Result<Leg*> start(Core& core, Leg& supervised, const std::string& to, SuperviseMode mode) {
    auto& call = *supervised.call;
    if (call.transfer) return refuse(refusal::in_progress, "the call is being transferred");
    if (!supervised.is_talking() || call.talkers() < 2) {
        return refuse(refusal::wrong_state,
                      "there is no talk to join: the leg is " + std::string(word(supervised.state)));
    }
    auto destination = destination_to_join(core, call, to, supervised.facts->trunk.empty());
    if (!destination) return destination.error();
    RingOrder order;
    order.party = std::move(destination->party);
    order.caller_id = std::move(destination->caller_id);
    order.called_number = to;
    order.purpose = Purpose::supervisor;
    order.role = role_of(mode);
    order.supervises = supervised.id;
    order.timeout = core.config().sip.ring_timeout;
    auto* rung = core.ring(call, supervised, std::move(order));
    if (rung == nullptr) return refuse(refusal::no_media, "no media port is left");
    return rung;
}

void answered(Core& core, Leg& supervisor) {
    auto& call = *supervisor.call;
    core.connect(supervisor);
    supervisor.purpose = Purpose::party;
    if (supervisor.role == Role::talker) supervisor.supervises = {};
    settle(core, call, causes::supervision_ended);
}

}  // namespace patchbay::call::supervise
