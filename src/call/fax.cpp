#include "call/fax.hpp"

#include "base/log.hpp"
#include "call/cause.hpp"

namespace patchbay::call::fax {
namespace {

// Should media never tell, or the sender never come to an end.
constexpr Seconds longest_fax{3600}, longest_end{5};
// It is the sender's to hang up (ITU-T T.30, phase E), whose machine ends a little later than ours.
constexpr Seconds goodbye{3};

}  // namespace

void begin(Core& core, Leg& leg, const config::FaxNumber& number) {
    const auto& station = number.station.empty() ? number.number : number.station;
    leg.fax =
        core.tools.media.receive_fax(leg.id, {leg.facts, leg.call->ref, core.tools.clock.now(), station});
    if (!leg.fax) {
        log::error("call", "leg {} sends a fax, but none can be received", leg.id.text());
        return leave(core, leg, causes::fax_done, Tell::sip);
    }
    core.emit(*leg.call, leg, FaxChanged{leg.fax, FaxState::receiving});
    core.start_timer(leg, longest_fax,
                     [](Core& c, Leg& late) { leave(c, late, causes::fax_done, Tell::sip); });
}

bool waits_for_end(Core& core, Leg& leg, const Cause& cause) {
    if (!leg.fax || leg.left) return false;
    leg.left = cause;
    core.tools.media.end_fax(leg.id);
    core.start_timer(leg, longest_end, [](Core& c, Leg& late) { leave(c, late, *late.left, Tell::nobody); });
    return true;
}

void ended(Core& core, Leg& leg, int pages, std::string_view reason) {
    if (!leg.fax) return;
    core.emit(*leg.call, leg,
              FaxChanged{leg.fax, reason.empty() ? FaxState::received : FaxState::failed, pages, reason});
    leg.fax = {};
    if (leg.left) return leave(core, leg, *leg.left, Tell::nobody);
    core.start_timer(leg, goodbye, [](Core& c, Leg& done) { leave(c, done, causes::fax_done, Tell::sip); });
}

void end(Core& core, Leg& leg) {
    if (!leg.fax) return;
    core.emit(*leg.call, leg, FaxChanged{leg.fax, FaxState::failed, 0, "call_ended"});
    leg.fax = {};
}

}  // namespace patchbay::call::fax
