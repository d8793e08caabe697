// What follows, in every call alike, when a leg leaves or the talk changes.
#include "call/cause.hpp"
#include "call/core.hpp"
#include "call/park.hpp"
#include "call/recording.hpp"
#include "call/transfer.hpp"

namespace patchbay::call {
namespace {

// Does a leg that supervises, or was rung to join, still have what it is there for?
bool has_purpose(const Call& call, const Leg& leg) {
    if (leg.supervises && call.leg(leg.supervises) == nullptr) return false;
    // There is no talk to supervise in a queue.
    if (call.waiting && leg.supervises) return false;
    if (leg.is_answered() || leg.purpose != Purpose::pickup) return true;
    if (leg.replaces) return call.leg(leg.replaces) != nullptr;
    return call.parking || call.waiting_caller() != nullptr;
}

void end_the_purposeless(Core& core, Call& call) {
    for (bool again = true; again;) {
        again = false;
        for (const auto& leg : call.legs) {
            if (has_purpose(call, *leg)) continue;
            core.end_leg(*leg, causes::supervision_ended, Tell::sip);
            again = true;
            break;
        }
    }
}

bool somebody_rings_for_caller(const Call& call) {
    if (call.waiting_caller() == nullptr) return false;
    return std::ranges::any_of(call.legs, [](const auto& leg) {
        const bool for_caller = leg->purpose == Purpose::party || leg->purpose == Purpose::pickup;
        return !leg->is_caller() && !leg->is_answered() && for_caller;
    });
}

bool originator_rings(const Call& call) {
    return std::ranges::any_of(call.legs,
                               [](const auto& leg) { return leg->purpose == Purpose::originator; });
}

bool receives_fax(const Call& call) {
    return std::ranges::any_of(call.legs, [](const auto& leg) { return bool(leg->fax); });
}

bool is_alive(const Call& call) {
    return call.parking || call.waiting || call.transfer || call.talkers() >= 2 ||
           somebody_rings_for_caller(call) || originator_rings(call) || receives_fax(call);
}

// Each talker's facts name the one it talks with; of a pair that is new to each other, one is brought to the
// other's codec.
void refresh_remotes(Core& core, Call& call) {
    LegId brought;
    for (const auto& leg : call.legs) {
        if (!leg->is_talking()) continue;
        const auto* other = other_of(call, *leg);
        if (other == nullptr || !other->is_talking()) continue;
        if (!Core::is_remote(*leg, *other)) {
            core.change_remote(*leg, *other);
            if (brought != other->id) {
                core.tools.signalling.renegotiate(leg->id, other->id, false);
                brought = leg->id;
            }
        }
    }
}

}  // namespace

void leave(Core& core, Leg& leg, const Cause& cause, Tell tell) {
    auto& call = *leg.call;
    core.end_leg(leg, cause, tell);
    if (call.transfer) transfer::leg_left(core, call, leg.id, cause);
    if (call.parking) park::leg_left(core, call, leg, cause);
    if (call.is_waiting(leg)) call.waiting.reset();
    settle(core, call, cause);
}

void settle(Core& core, Call& call, const Cause& cause) {
    if (call.ended) return;
    end_the_purposeless(core, call);
    if (!is_alive(call)) {
        core.end_call(call, cause);
        return;
    }
    refresh_remotes(core, call);
    recording::begin_where_set(core, call);
    core.hear(call);
}

}  // namespace patchbay::call
