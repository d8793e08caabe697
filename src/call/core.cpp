#include "call/core.hpp"

#include "base/log.hpp"
#include "call/cause.hpp"
#include "call/fax.hpp"
#include "call/recording.hpp"

namespace patchbay::call {
namespace {

constexpr std::string_view anonymous = "anonymous";

void nobody_answered(Core& core, Leg& late) {
    leave(core, late, causes::no_answer, Tell::sip);
}

LegFactsPtr rung_facts(const Core& core, const Call& call, const Leg& with, const RingOrder& order) {
    auto facts = std::make_shared<LegFacts>();
    facts->domain = call.domain;
    facts->number = order.party.number;
    facts->display_name = order.party.display_name;
    facts->operator_id = order.party.operator_id;
    facts->group = order.party.group;
    facts->trunk = order.party.trunk;
    facts->direction = Direction::in;
    facts->called_number = order.called_number;
    facts->called_did = with.facts->called_did;
    facts->queue_id = order.queue_id;
    facts->started = core.tools.clock.now();
    set_remote(*facts, party_of(with));
    return facts;
}

}  // namespace

void set_remote(LegFacts& facts, const Party& remote) {
    facts.remote_number = remote.anonymous ? std::string(anonymous) : remote.number;
    facts.remote_display_name = remote.anonymous ? std::string() : remote.display_name;
    facts.remote_operator_id = remote.operator_id;
    facts.remote_group = remote.group;
}

Core::Core(config::ConfigPtr config, SwitchTools given)
    : tools(given), directory(std::move(config)), ids(tools.clock) {}

Call& Core::new_call(std::string domain) {
    const auto* settings = directory.domain(domain);
    auto& call = store.add_call(ids.next_call(), std::move(domain));
    call.music = directory.music(call.domain);
    call.recording_notice = settings != nullptr && settings->recording_notice;
    if (settings != nullptr && !settings->ringback.empty())
        call.ringback = Sound::named("ringback." + settings->ringback);
    meters.calls_changed(1);
    return call;
}

bool Core::open_port(Leg& leg) {
    leg.has_port = tools.media.open(leg.id);
    return leg.has_port;
}

Leg& Core::add_leg(Call& call, std::unique_ptr<Leg> leg) {
    auto& added = store.add_leg(call, std::move(leg));
    meters.legs_changed(1);
    // Who was rung for a conference is watched until it answers, but supervises nobody.
    const auto supervises = added.role == Role::talker ? LegId{} : added.supervises;
    emit(call, added, LegStarted{added.facts, added.role, supervises});
    return added;
}

Leg* Core::ring(Call& call, const Leg& with, const RingOrder& order) {
    auto leg = std::make_unique<Leg>();
    leg->id = ids.next_leg();
    if (!open_port(*leg)) return nullptr;
    leg->facts = rung_facts(*this, call, with, order);
    leg->role = order.role;
    leg->purpose = order.purpose;
    leg->supervises = order.supervises;
    leg->joined = order.joined;
    leg->replaces = order.replaces;
    leg->redirections = order.redirections;
    leg->anonymous = order.party.anonymous;
    auto& added = add_leg(call, std::move(leg));
    signal_ring(call, added, with, order);
    start_timer(added, order.timeout, nobody_answered);
    return &added;
}

Leg& Core::ring_first(Call& call, std::unique_ptr<Leg> leg, const Identity& shown, Seconds timeout) {
    auto& added = add_leg(call, std::move(leg));
    Dial dial;
    dial.domain = call.domain;
    dial.number = added.facts->number;
    dial.from = shown;
    dial.max_forwards = call.max_forwards;
    dial.answers_itself = true;
    tools.signalling.ring(added.id, dial);
    start_timer(added, timeout, nobody_answered);
    return added;
}

void Core::signal_ring(const Call& call, const Leg& leg, const Leg& with, const RingOrder& order) {
    Dial dial;
    dial.domain = call.domain;
    dial.number = order.party.number;
    dial.trunk = order.party.trunk;
    dial.from = {order.caller_id.empty() ? with.facts->number : order.caller_id, with.facts->display_name,
                 with.anonymous};
    dial.like = with.id;
    dial.max_forwards = call.max_forwards;
    tools.signalling.ring(leg.id, dial);
}

void Core::emit(Call& call, const Leg& leg, EventBody body) {
    tools.events.publish(
        Event{0, ++call.last_sequence, tools.clock.now(), call.ref, leg.id, leg.state, std::move(body)});
}

void Core::connect(Leg& leg) {
    stop_timer(leg);
    leg.answered = tools.clock.now();
    leg.state = LegState::connected;
    emit(*leg.call, leg, LegConnected{});
    if (!leg.is_held()) return;
    settle_state(leg);
    emit(*leg.call, leg, LegHeld{leg.held_by_phone});
}

void Core::settle_state(Leg& leg) {
    const auto& parking = leg.call->parking;
    if (parking && parking->leg == leg.id) {
        leg.state = LegState::parked;
    } else if (leg.call->is_waiting(leg)) {
        leg.state = LegState::queued;
    } else {
        leg.state = leg.is_held() ? LegState::held : LegState::connected;
    }
}

void Core::end_leg(Leg& leg, const Cause& cause, Tell tell) {
    stop_timer(leg);
    leg.state = LegState::ended;
    recording::end(*this, leg);
    fax::end(*this, leg);
    emit(*leg.call, leg, LegEnded{cause, leg.has_port ? tools.media.quality(leg.id) : nullptr});
    store.remove_leg(leg);
    meters.legs_changed(-1);
    if (tell == Tell::sip) tools.signalling.end(leg.id, cause);
    if (leg.has_port) tools.media.close(leg.id);
}

void Core::end_call(Call& call, const Cause& cause) {
    const auto for_legs = passed_on(cause);
    while (!call.legs.empty()) end_leg(*call.legs.back(), for_legs, Tell::sip);
    if (call.ended) return;
    call.ended = true;
    tools.events.publish(Event{0, ++call.last_sequence, tools.clock.now(), call.ref, LegId{}, LegState::ended,
                               CallEnded{cause}});
    if (log::enabled(log::Level::info)) {
        log::info("call", "call {} ended: {} by {}, SIP {}", call.ref.value, cause.slug, word(cause.by),
                  cause.sip);
    }
    store.remove_call(call);
    meters.calls_changed(-1);
    meters.call_ended(cause.slug);
}

bool Core::is_remote(const Leg& leg, const Leg& remote) {
    const auto& facts = *leg.facts;
    const auto& other = *remote.facts;
    if (facts.remote_operator_id != other.operator_id || facts.remote_group != other.group) return false;
    if (remote.anonymous) return facts.remote_number == anonymous;
    return facts.remote_number == other.number && facts.remote_display_name == other.display_name;
}

void Core::change_remote(Leg& leg, const Leg& remote) {
    auto facts = std::make_shared<LegFacts>(*leg.facts);
    set_remote(*facts, party_of(remote));
    leg.facts = std::move(facts);
    emit(*leg.call, leg, LegChanged{leg.facts, leg.role, leg.supervises});
}

void Core::hear(Call& call) {
    auto rows = hearing(call);
    std::size_t changed = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto& heard = call.legs[i]->hears;
        if (rows[i].sources == heard) continue;
        heard = rows[i].sources;
        if (changed != i) rows[changed] = std::move(rows[i]);
        ++changed;
    }
    rows.resize(changed);
    if (!rows.empty()) tools.media.hear(rows);
}

void Core::start_timer(Leg& leg, Seconds delay, void (*action)(Core&, Leg&)) {
    stop_timer(leg);
    // One allocation less: what a timer captures is kept to two words, so the action is reached by the leg.
    leg.on_timer = action;
    leg.timer = tools.timers.after(delay, [this, id = leg.id] {
        const Turn turn(*this);
        auto* due = store.leg(id);
        due->timer = {};
        due->on_timer(*this, *due);
    });
}

void Core::stop_timer(Leg& leg) {
    tools.timers.cancel(leg.timer);
    leg.timer = {};
}

Error refuse(std::string_view code, std::string text) {
    return {std::string(code), std::move(text)};
}

Found find_destination(const Core& core, std::string_view domain, std::string_view number,
                       bool may_call_out) {
    auto way = route(core.directory, domain, number, may_call_out);
    if (auto* extension = std::get_if<ToExtension>(&way)) {
        if (core.tools.signalling.reachable(std::string(domain), extension->party.number)) {
            return Destination{std::move(extension->party), {}};
        }
        return refuse(refusal::no_such_number, "no phone is registered at " + std::string(number));
    }
    if (auto* trunk = std::get_if<ToTrunk>(&way)) {
        Party party;
        party.number = std::move(trunk->number);
        party.trunk = std::move(trunk->trunk);
        return Destination{std::move(party), std::move(trunk->caller_id)};
    }
    if (const auto* slot = std::get_if<ToSlot>(&way)) {
        if (auto* parked = core.store.parked_at(domain, slot->slot)) return parked;
        return refuse(refusal::no_such_number, "nobody is parked at " + std::string(number));
    }
    if (auto* queue = std::get_if<ToQueue>(&way)) return std::move(*queue);
    return refuse(refusal::no_such_number, "there is no number " + std::string(number));
}

bool has_number(const Call& call, std::string_view number) {
    return std::ranges::any_of(call.legs, [&](const auto& leg) {
        return leg->facts->trunk.empty() && leg->facts->number == number;
    });
}

Result<Destination> destination_to_join(const Core& core, const Call& call, const std::string& number,
                                        bool may_call_out) {
    if (has_number(call, number)) {
        return refuse(refusal::invalid, "number " + number + " is in this call already");
    }
    auto found = find_destination(core, call.domain, number, may_call_out);
    if (auto* error = std::get_if<Error>(&found)) return std::move(*error);
    if (auto* destination = std::get_if<Destination>(&found)) return std::move(*destination);
    return refuse(refusal::invalid, number + " is a parking slot or a queue: nobody can be rung there");
}

}  // namespace patchbay::call
