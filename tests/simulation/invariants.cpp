// What the world checks after every operation.
#include <algorithm>

#include "world.hpp"

namespace patchbay::simulation {

using namespace call;

namespace {

// The call of a leg, for the one who reads the failure.
std::string call_of(const LegView& leg, const std::vector<LegView>& legs) {
    std::string text = leg.id.text() + " in";
    for (const auto& other : legs) {
        if (other.call != leg.call) continue;
        text.append(" [").append(other.id.text()).append(" ").append(word(other.state));
        text.append(" ").append(word(other.role)).append(" at ").append(other.facts->number).append("]");
    }
    return text;
}

// Was the leg rung to have somebody rung, and waits?
bool is_originator(const LegView& leg, bool called_us) {
    return leg.facts->direction == Direction::out && !called_us && leg.answered == Time{};
}

bool waits_off_hook(const LegView& leg, const Peers::Peer& peer) {
    return is_originator(leg, peer.called_us) && peer.answered;
}

}  // namespace

void World::check() {
    if (breach_) return;
    switch_.execute({{"demo.local", "", ""}, List{}, "api"}, [&](const Result<Outcome>& all) {
        check_legs(all.value().legs);
        check_timers(all.value().legs);
        check_calls(all.value().legs);
        check_ears(all.value().legs);
        desk_checks_.check(all.value().legs);
    });
}

// SIP, media, events and the switch agree on which legs there are.
void World::check_legs(const std::vector<LegView>& legs) {
    const auto agrees = [&](const auto& others) {
        return std::ranges::equal(legs, others, {}, &LegView::id,
                                  [](const auto& other) { return other.first; });
    };
    if (legs.size() != switch_.legs()) breach_.note("the list of legs is not all legs");
    if (!agrees(peers_.alive)) breach_.note("SIP has other legs than the switch");
    if (!agrees(ports_.hears)) breach_.note("media has ports for other legs than the switch");
    if (!agrees(events_.live())) breach_.note("the events tell of other legs than the switch");
    for (const auto& leg : legs) {
        const auto peer = peers_.alive.find(leg.id);
        const bool answered = leg.answered != Time{};
        // Who has somebody rung lifts its phone first, and counts as answered when that one answers.
        const bool off_hook = peer != peers_.alive.end() && waits_off_hook(leg, peer->second);
        if (peer != peers_.alive.end() && !off_hook && peer->second.answered != answered) {
            breach_.note("SIP and the switch differ on whether a leg was answered", leg.id.text());
        }
    }
}

// Every rung phone has a timer, a parked leg has one until its time is over, and nothing else has.
void World::check_timers(const std::vector<LegView>& legs) {
    std::size_t rung = 0, parked = 0;
    for (const auto& leg : legs) {
        const auto peer = peers_.alive.find(leg.id);
        const bool waits =
            peer != peers_.alive.end() && (peer->second.called_us || waits_off_hook(leg, peer->second));
        if (leg.answered == Time{} && !waits) ++rung;
        // A waiting leg has one while an announcement is played.
        if (leg.state == LegState::parked || leg.state == LegState::queued) ++parked;
    }
    if (timers_.size() < rung) breach_.note("a phone rings without a timer");
    if (timers_.size() > rung + parked) breach_.note("a timer waits for nothing");
}

// No call of supervisors only, and no phone that rings for nobody.
void World::check_calls(const std::vector<LegView>& legs) {
    struct Count {
        int talkers = 0, waiting = 0, unanswered = 0;
        bool parked = false;  ///< or in a queue
        bool originating = false;
    };
    std::map<CallRef, Count> calls;
    for (const auto& leg : legs) {
        auto& call = calls[leg.call];
        const bool called_us = peers_.alive.contains(leg.id) && peers_.alive.at(leg.id).called_us;
        if (leg.role == Role::talker) ++call.talkers;
        // Its own phone rings first: until then it is alone.
        if (is_originator(leg, called_us)) call.originating = true;
        if (leg.answered != Time{} || called_us || call.originating) ++call.waiting;
        if (leg.answered == Time{}) ++call.unanswered;
        if (leg.state == LegState::parked || leg.state == LegState::queued) call.parked = true;
    }
    if (calls.size() != switch_.calls()) breach_.note("a call has no legs");
    for (const auto& [ref, call] : calls) {
        if (call.talkers < 2 && !call.parked && !call.originating)
            breach_.note("a call has nobody to talk", ref.text());
        if (call.waiting == 0) breach_.note("a phone rings for nobody", ref.text());
        if (events_.transfers(ref) && call.talkers < 3 && call.unanswered == 0) {
            breach_.note("a transfer waits for nobody", ref.text());
        }
        check_hearing(ref);
    }
}

void World::check_ears(const std::vector<LegView>& legs) {
    for (const auto& leg : legs) {
        if (ports_.hears.contains(leg.id)) check_ear(leg, legs);
    }
}

// The commands' table, as far as it shows in one leg's state: told again, not computed by hearing().
void World::check_ear(const LegView& leg, const std::vector<LegView>& legs) {
    const auto& sources = ports_.hears.at(leg.id);
    const auto hears = [&](const Source& source) {
        return std::ranges::find(sources, source) != sources.end();
    };
    if (leg.state == LegState::held && !sources.empty())
        breach_.note("who holds hears something", leg.id.text());
    if (leg.state == LegState::parked && sources != std::vector<Source>{Sound::music}) {
        breach_.note("who is parked hears no music", leg.id.text());
    }
    if (leg.state != LegState::connected || events_.transfers(leg.call)) return;
    // Who was transferred in vain waits with music while the transferor is rung back, and so does, in
    // silence, whoever supervises it.
    const bool somebody_rings = std::ranges::any_of(
        legs, [&](const auto& other) { return other.call == leg.call && other.answered == Time{}; });
    const bool waits = sources == std::vector<Source>{Sound::music} || leg.role != Role::talker;
    if (somebody_rings && waits) return;
    for (const auto& other : legs) {
        if (other.call != leg.call || other.id == leg.id) continue;
        const bool whispers = other.role == Role::consultant && other.supervises == leg.id;
        const bool audible = other.state == LegState::connected && (other.role == Role::talker || whispers);
        if (audible != hears(other.id))
            breach_.note("a leg hears whom it should not, or not whom it should", call_of(leg, legs));
    }
}

void World::check_hearing(CallRef ref) {
    const auto rows = switch_.hearing_of(ref);
    const auto in_call = [&](const Source& source) {
        const auto* leg = std::get_if<LegId>(&source);
        return leg == nullptr || std::ranges::find(rows, *leg, &HearingRow::ear) != rows.end();
    };
    for (const auto& row : rows) {
        const auto told = ports_.hears.find(row.ear);
        if (told == ports_.hears.end() || told->second != row.sources) {
            breach_.note("media was told another hearing than the call's", row.ear.text());
        }
        if (!std::ranges::all_of(row.sources, in_call)) breach_.note("a leg hears one of another call");
        if (std::ranges::find(row.sources, Source{row.ear}) != row.sources.end()) {
            breach_.note("a leg hears itself");
        }
    }
}

}  // namespace patchbay::simulation
