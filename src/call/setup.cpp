#include "call/setup.hpp"

#include "base/log.hpp"
#include "call/cause.hpp"
#include "call/fax.hpp"
#include "call/park.hpp"
#include "call/pickup.hpp"
#include "call/waiting.hpp"

namespace patchbay::call::setup {
namespace {

constexpr std::size_t feature_length = 4;  ///< of a feature code without what follows it: *160
constexpr Seconds feature_answer{1};       ///< so long its call is answered

// A leg that called us, not yet in any call.
std::unique_ptr<Leg> calling_leg(const Core& core, LegId id, const Incoming& incoming,
                                 const std::string& domain) {
    auto facts = std::make_shared<LegFacts>();
    facts->domain = domain;
    facts->trunk = incoming.trunk;
    facts->number = incoming.from.number;
    facts->display_name = incoming.from.display_name;
    if (incoming.trunk.empty()) {
        if (const auto party = core.directory.extension(domain, incoming.from.number)) {
            facts->display_name = party->display_name;
            facts->operator_id = party->operator_id;
            facts->group = party->group;
        }
    } else {
        facts->called_did = incoming.to;
    }
    facts->direction = Direction::out;
    facts->called_number = incoming.to;
    facts->remote_number = incoming.to;
    facts->started = core.tools.clock.now();
    auto leg = std::make_unique<Leg>();
    leg->id = id;
    leg->facts = std::move(facts);
    leg->called_us = true;
    leg->anonymous = incoming.from.anonymous;
    return leg;
}

void tell_of_start(const Call& call, const Leg& leg) {
    if (!log::enabled(log::Level::info)) return;
    log::info("call", "call {} started: leg {}, {} calls {}", call.ref.value, leg.id.text(),
              leg.facts->number, leg.facts->called_number);
}

// A new call of a leg that called us.
Call& open_call(Core& core, std::unique_ptr<Leg> leg, int max_forwards) {
    auto& call = core.new_call(leg->facts->domain);
    // One hop is spent by us; a call's own INVITE starts with as many as are configured (RFC 3261, 16.6).
    call.max_forwards = std::min(max_forwards - 1, core.config().calls.max_hops);
    tell_of_start(call, core.add_leg(call, std::move(leg)));
    return call;
}

// The number of our domain that is called: what was dialled, or what the trunk's DID stands for.
std::optional<std::string> called_number(const Core& core, const Incoming& incoming) {
    if (incoming.trunk.empty()) return incoming.to;
    return number_of_did(core.directory, incoming.domain, incoming.trunk, incoming.to);
}

// Answers a caller that talks with the server alone. Nothing when no media port is left.
Leg* answer_alone(Core& core, std::unique_ptr<Leg> leg, const Incoming& incoming) {
    const bool has_port = core.open_port(*leg);
    auto& call = open_call(core, std::move(leg), incoming.max_forwards);
    if (!has_port) {
        core.end_call(call, causes::no_media_port);
        return nullptr;
    }
    auto& caller = *call.legs.front();
    core.tools.signalling.answer(caller.id, LegId{});
    core.connect(caller);
    return &caller;
}

void call_party(Core& core, std::unique_ptr<Leg> leg, const Incoming& incoming, const std::string& called,
                Destination destination) {
    auto facts = std::make_shared<LegFacts>(*leg->facts);
    set_remote(*facts, destination.party);
    facts->called_number = called;
    leg->facts = std::move(facts);
    const bool has_port = core.open_port(*leg);
    auto& call = open_call(core, std::move(leg), incoming.max_forwards);
    if (!has_port) return core.end_call(call, causes::no_media_port);
    ring_party(core, call, *call.legs.front(), std::move(destination), called);
}

// The caller is answered at once: it hears music, and announcements, for as long as it waits.
void wait_in_queue(Core& core, std::unique_ptr<Leg> leg, const Incoming& incoming, const std::string& called,
                   const ToQueue& queue) {
    auto facts = std::make_shared<LegFacts>(*leg->facts);
    facts->called_number = facts->remote_number = called;
    facts->remote_group = core.directory.group_of_queue(facts->domain, queue.id);
    facts->queue_id = queue.id;
    leg->facts = std::move(facts);
    auto* caller = answer_alone(core, std::move(leg), incoming);
    if (caller == nullptr) return;
    waiting::begin(core, *caller, queue);
    core.hear(*caller->call);
}

// A number for fax answers at once.
void receive_fax(Core& core, std::unique_ptr<Leg> leg, const Incoming& incoming,
                 const config::FaxNumber& number) {
    auto facts = std::make_shared<LegFacts>(*leg->facts);
    facts->called_number = facts->remote_number = number.number;
    facts->remote_display_name = number.name;
    leg->facts = std::move(facts);
    core.tools.signalling.expect_fax(leg->id, number.t38);
    if (auto* sender = answer_alone(core, std::move(leg), incoming)) fax::begin(core, *sender, number);
}

// A feature code: done or refused, and told by whether the call is answered for a moment. What follows the
// code may be a password: nobody else hears of it.
void dial_feature(Core& core, std::unique_ptr<Leg> leg, const Incoming& incoming) {
    const auto number = leg->facts->number;
    auto facts = std::make_shared<LegFacts>(*leg->facts);
    facts->called_number = facts->remote_number = incoming.to.substr(0, feature_length);
    leg->facts = std::move(facts);
    if (!core.tools.features->dialled(leg->facts->domain, number, incoming.to)) {
        return refuse_caller(core, std::move(leg), causes::forbidden);
    }
    auto* caller = answer_alone(core, std::move(leg), incoming);
    if (caller == nullptr) return;
    core.start_timer(*caller, feature_answer,
                     [](Core& c, Leg& done) { leave(c, done, causes::feature_done, Tell::sip); });
}

bool is_feature(const Core& core, const Leg& leg, const Incoming& incoming) {
    const std::string_view to = incoming.to;
    const bool looks_so = (to.starts_with("*16") || to.starts_with("#16")) && to.size() >= feature_length;
    return looks_so && core.tools.features != nullptr && incoming.trunk.empty() &&
           core.directory.extension(leg.facts->domain, incoming.from.number).has_value();
}

void call_number(Core& core, std::unique_ptr<Leg> leg, const Incoming& incoming, const std::string& number) {
    const auto domain = leg->facts->domain;
    // Nobody outside, and nobody we do not know, calls out through us.
    const bool may_call_out =
        incoming.trunk.empty() && core.directory.extension(domain, incoming.from.number).has_value();
    if (const auto* fax = core.directory.fax_at(domain, number))
        return receive_fax(core, std::move(leg), incoming, *fax);
    auto found = find_destination(core, domain, number, may_call_out);
    if (auto* destination = std::get_if<Destination>(&found)) {
        call_party(core, std::move(leg), incoming, number, std::move(*destination));
    } else if (auto* const* parked = std::get_if<Leg*>(&found)) {
        park::taken_by_caller(core, **parked, std::move(leg));
    } else if (const auto* queue = std::get_if<ToQueue>(&found)) {
        wait_in_queue(core, std::move(leg), incoming, number, *queue);
    } else {
        refuse_caller(core, std::move(leg), why_not(core, domain, number, may_call_out));
    }
}

}  // namespace

void ring_party(Core& core, Call& call, const Leg& caller, Destination destination,
                const std::string& called_number) {
    RingOrder order;
    order.party = std::move(destination.party);
    order.caller_id = std::move(destination.caller_id);
    order.called_number = called_number;
    order.timeout = core.config().sip.ring_timeout;
    if (core.ring(call, caller, order) == nullptr) core.end_call(call, causes::no_media_port);
}

Cause why_not(const Core& core, const std::string& domain, const std::string& number, bool may_call_out) {
    const auto way = route(core.directory, domain, number, may_call_out);
    if (const auto* nothing = std::get_if<ToNothing>(&way)) return nothing->cause;
    if (const auto* extension = std::get_if<ToExtension>(&way)) {
        if (!core.tools.signalling.reachable(domain, extension->party.number)) return causes::not_registered;
    }
    return causes::no_such_number;
}

void refuse_caller(Core& core, std::unique_ptr<Leg> leg, const Cause& cause) {
    core.end_call(open_call(core, std::move(leg), 1), cause);
}

Leg* add_caller(Core& core, Call& call, std::unique_ptr<Leg> leg, const Leg& with) {
    if (!core.open_port(*leg)) {
        refuse_caller(core, std::move(leg), causes::no_media_port);
        return nullptr;
    }
    auto facts = std::make_shared<LegFacts>(*leg->facts);
    set_remote(*facts, party_of(with));
    leg->facts = std::move(facts);
    return &core.add_leg(call, std::move(leg));
}

void incoming(Core& core, LegId id, const Incoming& incoming) {
    if (core.draining) {
        core.tools.signalling.end(id, causes::draining);
        return;
    }
    const auto* domain = core.directory.domain(incoming.domain);
    const auto name = domain == nullptr ? incoming.domain : domain->name;
    auto leg = calling_leg(core, id, incoming, name);
    if (incoming.replaces) {
        pickup::replaced_by_caller(core, incoming.replaces, std::move(leg));
        return;
    }
    const auto number = called_number(core, incoming);
    if (domain == nullptr || !number) {
        refuse_caller(core, std::move(leg), causes::no_such_number);
    } else if (incoming.max_forwards <= 0) {
        refuse_caller(core, std::move(leg), causes::too_many_hops);
    } else if (is_feature(core, *leg, incoming)) {
        dial_feature(core, std::move(leg), incoming);
    } else {
        call_number(core, std::move(leg), incoming, *number);
    }
}

void caller_hears_ringing(Core& core, Leg& leg) {
    auto* caller = leg.call->waiting_caller();
    if (caller == nullptr) return;
    // Nobody hears one who is about to pick up: only the called party's early media is passed on.
    const bool early_media = leg.early_media && leg.purpose == Purpose::party;
    if (caller->called_us) core.tools.signalling.progress(caller->id, early_media, leg.id);
    if (caller->state == LegState::alerting) return;
    caller->state = LegState::alerting;
    core.emit(*leg.call, *caller, LegAlerting{});
}

void party_answered(Core& core, Leg& leg) {
    auto& call = *leg.call;
    core.connect(leg);
    answer_caller(core, call, leg, causes::answered_elsewhere);
    if (log::enabled(log::Level::info)) {
        log::info("call", "call {} answered: leg {} by {}", call.ref.value, leg.id.text(), leg.facts->number);
    }
    settle(core, call, causes::answered_elsewhere);
}

void answer_caller(Core& core, Call& call, const Leg& answered, const Cause& for_others) {
    auto* caller = call.waiting_caller();
    for (std::size_t i = call.legs.size(); i-- > 0;) {
        auto& leg = *call.legs[i];
        const bool rings = !leg.is_answered() && !leg.is_caller();
        if (rings && leg.purpose != Purpose::supervisor && &leg != &answered)
            core.end_leg(leg, for_others, Tell::sip);
    }
    if (caller == nullptr) return;
    if (caller->off_hook) {
        core.tools.signalling.renegotiate(caller->id, answered.id, false);
    } else {
        core.tools.signalling.answer(caller->id, answered.id);
    }
    core.connect(*caller);
}

}  // namespace patchbay::call::setup
