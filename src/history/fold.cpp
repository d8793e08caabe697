#include "history/fold.hpp"

#include <algorithm>
#include <utility>

#include "call/cause.hpp"

namespace patchbay::history {
namespace {

using namespace patchbay::call;

void set_own_party(Cdr& cdr, const LegFacts& facts) {
    cdr.domain = facts.domain;
    cdr.direction = facts.direction;
    cdr.number = facts.number;
    cdr.display_name = facts.display_name;
    cdr.operator_id = facts.operator_id;
    cdr.group = facts.group;
    cdr.called_number = facts.called_number;
    cdr.called_did = facts.called_did;
    cdr.trunk = facts.trunk;
}

void set_remote_party(Cdr& cdr, const LegFacts& facts) {
    cdr.remote_number = facts.remote_number;
    cdr.remote_display_name = facts.remote_display_name;
    cdr.remote_operator_id = facts.remote_operator_id;
    cdr.remote_group = facts.remote_group;
}

// Whose phone ended the leg; commands, transfers, time-outs and faults are the system's doing.
ReleasedBy released_by(Direction direction, const Cause& cause) {
    const auto own = direction == Direction::out ? ReleasedBy::a : ReleasedBy::b;
    const auto other = direction == Direction::out ? ReleasedBy::b : ReleasedBy::a;
    if (cause.by == CauseBy::remote) return own;
    if (cause.by != CauseBy::local) return ReleasedBy::system;
    // What the other party did is passed on as `local`; the catalogue says whether its phone did it.
    const auto origin = cause_named(cause.slug);
    return origin && origin->by == CauseBy::remote ? other : ReleasedBy::system;
}

}  // namespace

std::optional<Cdr> Fold::take(const Event& event) {
    newest_ = std::max(newest_, event.offset);
    if (const auto* begun = std::get_if<LegStarted>(&event.body); begun != nullptr && begun->facts)
        begin(event, *begun);
    if (std::holds_alternative<CallEnded>(event.body)) {
        rung_.erase(event.call);
        waited_.erase(event.call);
    }
    const auto found = legs_.find(event.leg);
    if (found == legs_.end()) return std::nullopt;
    auto& leg = found->second;
    leg.call = event.call;
    if (const auto* changed = std::get_if<LegChanged>(&event.body)) see_party(leg, *changed);
    const bool moved = leg.waited && std::holds_alternative<LegMoved>(event.body);
    if (moved || std::holds_alternative<LegQueued>(event.body)) waited_[event.call] = event.leg;
    if (const auto* changed = std::get_if<RecordingChanged>(&event.body)) {
        see_recording(leg, *changed);
        see_callers_recording(event, *changed);
    }
    if (const auto* changed = std::get_if<call::FaxChanged>(&event.body)) {
        if (changed->state == call::FaxState::received) leg.success_faxes.push_back(changed->id.text());
        if (changed->state == call::FaxState::failed) leg.failed_faxes.push_back(changed->id.text());
    }
    see_state(leg, event);
    const auto* ended = std::get_if<LegEnded>(&event.body);
    if (ended == nullptr) return std::nullopt;
    auto cdr = make(leg, event, *ended);
    cdr.shown = is_shown(leg, *ended);
    legs_.erase(found);
    return cdr;
}

void Fold::begin(const Event& event, const LegStarted& started) {
    OpenLeg leg;
    leg.own = leg.remote = started.facts;
    leg.queue_id = started.facts->queue_id;
    leg.first_offset = event.offset;
    leg.started = event.at;
    leg.role = started.role;
    legs_.try_emplace(event.leg, std::move(leg));
    if (started.facts->direction == Direction::in && started.role == Role::talker) rung_.insert(event.call);
}

bool Fold::is_shown(const OpenLeg& leg, const LegEnded& end) const {
    if (leg.role != Role::talker) return false;
    if (leg.waited) return true;
    if (leg.own->direction == Direction::in) return leg.own->queue_id.empty();
    // What a feature code did is told by the operator's state.
    return !rung_.contains(leg.call) && end.cause.slug != causes::feature_done.slug;
}

void Fold::see_party(OpenLeg& leg, const LegChanged& changed) {
    if (changed.role == Role::talker) leg.role = Role::talker;
    if (!changed.facts) return;
    // An operator logged in at the phone during the call.
    if (leg.own->operator_id.empty() && !changed.facts->operator_id.empty()) leg.own = changed.facts;
    if (!leg.remote_known) leg.remote = changed.facts;
    if (!changed.facts->queue_id.empty()) leg.queue_id = changed.facts->queue_id;
}

void Fold::see_recording(OpenLeg& leg, const RecordingChanged& changed) {
    if (std::ranges::find(leg.recordings, changed.id) == leg.recordings.end())
        leg.recordings.push_back(changed.id);
}

// The caller's record is the one that a list of calls shows of a queue's talk, and its taker is recorded.
void Fold::see_callers_recording(const Event& event, const RecordingChanged& changed) {
    const auto waited = waited_.find(event.call);
    const auto caller = waited == waited_.end() ? legs_.end() : legs_.find(waited->second);
    if (caller != legs_.end()) see_recording(caller->second, changed);
}

void Fold::see_state(OpenLeg& leg, const Event& event) {
    const bool connected = std::holds_alternative<LegConnected>(event.body);
    if (connected && leg.answered == Time{}) leg.answered = event.at;
    leg.rang = leg.rang || connected || std::holds_alternative<LegAlerting>(event.body);
    see_queue(leg, event);
    const bool waits = event.state == LegState::held || event.state == LegState::parked;
    if (!leg.in_queue && (waits || event.state == LegState::connected))
        leg.remote_known = leg.remote_known || !leg.remote->remote_number.empty();
    if (waits && !leg.waiting_since) leg.waiting_since = event.at;
    if (!waits && leg.waiting_since) {
        leg.held += event.at - *leg.waiting_since;
        leg.waiting_since.reset();
    }
}

// A queue is nobody to be connected to: who came to it has no other party before an operator answers.
void Fold::see_queue(OpenLeg& leg, const Event& event) {
    if (std::holds_alternative<LegQueued>(event.body)) {
        leg.in_queue = leg.waited = true;
        if (!leg.own->queue_id.empty() && leg.agent_answered == Time{}) leg.remote_known = false;
    }
    if (std::holds_alternative<LegOffered>(event.body) && leg.distributed == Time{})
        leg.distributed = event.at;
    if (!leg.in_queue || event.state != LegState::connected) return;
    if (std::holds_alternative<LegRetrieved>(event.body) && leg.agent_answered == Time{}) {
        leg.agent_answered = event.at;
    }
    if (std::holds_alternative<LegChanged>(event.body)) leg.in_queue = false;
}

Cdr Fold::make(const OpenLeg& leg, const Event& event, const LegEnded& end) {
    const Cause& cause = end.cause;
    Cdr cdr;
    cdr.leg = event.leg;
    cdr.call = leg.call;
    cdr.role = leg.role;
    set_own_party(cdr, *leg.own);
    set_remote_party(cdr, *leg.remote);
    cdr.queue_id = leg.queue_id;
    cdr.started = leg.started;
    cdr.answered = leg.answered;
    cdr.released = event.at;
    cdr.distributed = leg.distributed;
    cdr.agent_answered = leg.agent_answered;
    cdr.rang = leg.rang;
    cdr.released_by = released_by(cdr.direction, cause);
    cdr.cause = cause.slug;
    cdr.sip = cause.sip;
    cdr.held = leg.held;
    cdr.quality = end.quality;
    for (const Uuid id : leg.recordings) cdr.urls.push_back(id.text());
    cdr.success_faxes = leg.success_faxes;
    cdr.failed_faxes = leg.failed_faxes;
    return cdr;
}

std::uint64_t Fold::checkpoint() const {
    auto complete = newest_;
    for (const auto& [id, leg] : legs_) complete = std::min(complete, leg.first_offset - 1);
    return complete;
}

}  // namespace patchbay::history
