#include "call/rung.hpp"

#include "call/park.hpp"
#include "call/pickup.hpp"
#include "call/setup.hpp"
#include "call/supervise.hpp"
#include "call/transfer.hpp"

namespace patchbay::call::rung {

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
    }
}

}  // namespace patchbay::call::rung
