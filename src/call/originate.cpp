#include "call/originate.hpp"

#include "base/log.hpp"
#include "call/cause.hpp"
#include "call/setup.hpp"

namespace patchbay::call::originate {
namespace {

// Whose phone is rung: the number named, or where the scope's operator works.
Result<Party> originator(const Core& core, const Scope& scope, const std::string& named) {
    const auto number = named.empty() ? core.directory.number_of(scope.domain, scope.operator_id) : named;
    if (number.empty()) return refuse(refusal::no_such_number, "the operator works at no number");
    auto party = core.directory.extension(scope.domain, number);
    if (!party) return refuse(refusal::no_such_number, "there is no extension " + number);
    const bool somebody_elses = (!scope.number.empty() && scope.number != number) ||
                                (!scope.operator_id.empty() && scope.operator_id != party->operator_id);
    if (somebody_elses) return refuse(refusal::invalid, number + " is somebody else's number");
    if (!core.tools.signalling.reachable(scope.domain, number)) {
        return refuse(refusal::no_such_number, "no phone is registered at " + number);
    }
    return std::move(*party);
}

Result<Done> may_begin(const Core& core, const Scope& scope, const std::string& number) {
    if (core.draining) return refuse(refusal::overloaded, "the server is about to stop");
    const auto legs = core.store.of_number(scope.domain, number);
    const bool sets_up = std::ranges::any_of(
        legs, [&](const Leg* leg) { return !leg->is_answered() && leg->facts->direction == Direction::out; });
    if (sets_up) return refuse(refusal::in_progress, "a call from " + number + " is being set up already");
    return Done{};
}

Result<Destination> destination_of(const Core& core, const Scope& scope, const Party& from,
                                   const std::string& to) {
    if (to == from.number) return refuse(refusal::invalid, to + " is the number that calls");
    auto found = find_destination(core, scope.domain, to, true);
    if (auto* error = std::get_if<Error>(&found)) return std::move(*error);
    if (auto* destination = std::get_if<Destination>(&found)) return std::move(*destination);
    return refuse(refusal::invalid, to + " is a parking slot: nobody can be rung there");
}

LegFactsPtr facts_of(const Core& core, const Scope& scope, const Party& from, const Party& remote,
                     const std::string& to, const std::string& queue) {
    auto facts = std::make_shared<LegFacts>();
    facts->domain = scope.domain;
    facts->number = from.number;
    facts->display_name = from.display_name;
    facts->operator_id = from.operator_id;
    facts->group = from.group;
    facts->direction = Direction::out;
    facts->called_number = to;
    facts->queue_id = queue;
    facts->started = core.tools.clock.now();
    set_remote(*facts, remote);
    return facts;
}

std::string called_number(const Core& core, const Scope& scope, const Originate& command) {
    if (!command.to.empty() || command.to_operator.empty()) return command.to;
    return core.directory.number_of(scope.domain, command.to_operator);
}

}  // namespace

Result<Leg*> start(Core& core, const Scope& scope, const Originate& command) {
    const auto from = originator(core, scope, command.number);
    if (!from) return from.error();
    if (const auto may = may_begin(core, scope, from->number); !may) return may.error();
    const auto to = called_number(core, scope, command);
    if (to.empty()) {
        return refuse(refusal::no_such_number, "operator " + command.to_operator + " works at no number");
    }
    const auto destination = destination_of(core, scope, *from, to);
    if (!destination) return destination.error();
    auto leg = std::make_unique<Leg>();
    leg->id = core.ids.next_leg();
    if (!core.open_port(*leg)) return refuse(refusal::no_media, "no media port is left");
    leg->facts = facts_of(core, scope, *from, destination->party, to, command.queue);
    leg->purpose = Purpose::originator;
    auto& call = core.new_call(scope.domain);
    call.max_forwards = core.config().calls.max_hops;
    const Identity shown{to, destination->party.display_name, false};
    auto& rung = core.ring_first(call, std::move(leg), shown, core.config().sip.ring_timeout);
    if (log::enabled(log::Level::info)) {
        log::info("call", "call {} started: leg {}, {} is rung to call {}", call.ref.value, rung.id.text(),
                  from->number, to);
    }
    return &rung;
}

void phone_answered(Core& core, Leg& leg) {
    auto& call = *leg.call;
    core.stop_timer(leg);
    leg.off_hook = true;
    leg.purpose = Purpose::party;
    const auto& to = leg.facts->called_number;
    auto found = find_destination(core, call.domain, to, true);
    auto* destination = std::get_if<Destination>(&found);
    // Its phone may have left since the command.
    if (destination == nullptr) return core.end_call(call, setup::why_not(core, call.domain, to, true));
    setup::ring_party(core, call, leg, std::move(*destination), to);
    if (!call.ended) core.hear(call);
}

}  // namespace patchbay::call::originate
