#include "call/rung.hpp"

#include "call/cause.hpp"
#include "call/originate.hpp"
#include "call/park.hpp"
#include "call/pickup.hpp"
#include "call/setup.hpp"
#include "call/supervise.hpp"
#include "call/transfer.hpp"
#include "call/waiting.hpp"

namespace patchbay::call::rung {
namespace {

bool is_rung(const Leg& leg) {
    return !leg.is_caller() && !leg.is_answered();
}

Error does_not_ring(const Leg& leg) {
    return call::refuse(refusal::wrong_state, "the leg does not ring: it is " + std::string(word(leg.state)));
}

}  // namespace

void rings(Core& core, Leg& leg, bool early_media) {
    const bool first = leg.state == LegState::initiating;
    const bool media_begins = early_media && !leg.early_media;
    if (!first && !media_begins) return;
    leg.early_media = leg.early_media || early_media;
    if (first) {
        leg.state = LegState::alerting;
        core.emit(*leg.call, leg, LegAlerting{});
    }
    if (leg.purpose == Purpose::party || leg.purpose == Purpose::pickup)
        setup::caller_hears_ringing(core, leg);
    if (leg.purpose == Purpose::target) transfer::target_rings(core, leg);
    if (media_begins) core.hear(*leg.call);
}

void answers(Core& core, Leg& leg) {
    switch (leg.purpose) {
        case Purpose::party:
            return setup::party_answered(core, leg);
        case Purpose::target:
            return transfer::target_answered(core, leg);
        case Purpose::recall:
            return leg.call->parking ? park::recall_answered(core, leg)
                                     : transfer::target_answered(core, leg);
        case Purpose::pickup:
            return pickup::answered(core, leg);
        case Purpose::supervisor:
            return supervise::answered(core, leg);
        case Purpose::originator:
            return originate::phone_answered(core, leg);
        case Purpose::offer:
            return waiting::answered(core, leg);
    }
}

Result<Leg*> answer(Core& core, Leg& leg) {
    if (!is_rung(leg)) return does_not_ring(leg);
    if (core.tools.signalling.pick_up(leg.id)) return &leg;
    return call::refuse(refusal::cannot_answer,
                        "the phone at " + leg.facts->number + " does not answer by command: answer there");
}

Result<Leg*> refuse(Core& core, Leg& leg) {
    if (!is_rung(leg)) return does_not_ring(leg);
    leave(core, leg, causes::refused, Tell::sip);
    return &leg;
}

}  // namespace patchbay::call::rung
