#include "call/redirect.hpp"

#include "call/cause.hpp"
#include "call/waiting.hpp"

namespace patchbay::call {
namespace {

constexpr int most_redirections = 5;

// With whom a leg that still rings is to talk.
const Leg* rung_for(const Call& call, const Leg& leg) {
    if (leg.supervises) return call.leg(leg.supervises);
    if (const auto* replaced = call.leg(leg.replaces)) return other_of(call, *replaced);
    if (const auto* caller = call.waiting_caller()) return caller;
    return other_of(call, leg);
}

RingOrder order_instead_of(const Core& core, const Leg& leg, Destination destination, const std::string& to) {
    RingOrder order;
    order.party = std::move(destination.party);
    order.caller_id = std::move(destination.caller_id);
    order.called_number = to;
    order.purpose = leg.purpose;
    order.role = leg.role;
    order.supervises = leg.supervises;
    order.joined = leg.joined;
    order.replaces = leg.replaces;
    order.redirections = leg.redirections + 1;
    const bool is_transfer = leg.purpose == Purpose::target || leg.purpose == Purpose::recall;
    order.timeout = is_transfer ? core.config().calls.transfer_timeout : core.config().sip.ring_timeout;
    return order;
}

void ring_instead(Core& core, const Leg& leg, const Leg& with, const RingOrder& order) {
    auto& call = *leg.call;
    const auto* instead = core.ring(call, with, order);
    if (instead == nullptr) return;
    if (call.transfer && call.transfer->target == leg.id) call.transfer->target = instead->id;
    auto* caller = call.waiting_caller();
    if (caller == &with && leg.purpose == Purpose::party) core.change_remote(*caller, *instead);
}

}  // namespace

void ring_elsewhere(Core& core, Leg& leg, const std::string& to) {
    auto& call = *leg.call;
    // Whoever made the offer chooses who is rung next.
    if (leg.purpose == Purpose::offer) return leave(core, leg, causes::redirected, Tell::nobody);
    const auto* with = rung_for(call, leg);
    // A trunk's 302 would have us call out on a stranger's word.
    const bool may_redirect = leg.facts->trunk.empty();
    auto found = find_destination(core, call.domain, to, may_redirect);
    auto* destination = std::get_if<Destination>(&found);
    if (with == nullptr || destination == nullptr || !may_redirect) {
        leave(core, leg, causes::redirected, Tell::nobody);
    } else if (leg.redirections >= most_redirections) {
        leave(core, leg, causes::loop, Tell::nobody);
    } else {
        ring_instead(core, leg, *with, order_instead_of(core, leg, std::move(*destination), to));
        leave(core, leg, causes::redirected, Tell::nobody);
    }
}

}  // namespace patchbay::call
