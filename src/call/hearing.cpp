#include "call/hearing.hpp"

#include "call/call.hpp"

namespace patchbay::call {
namespace {

// A talker that others could hear if it did not hold.
bool is_present(const Call& call, const Leg& leg) {
    return leg.is_talking() && !leg.is_put_aside() && !call.is_transferee(leg);
}

// Before its answer a caller hears what the called party sends, if anything.
void add_early_media(const Call& call, const Leg& caller, std::vector<Source>& sources) {
    if (!caller.is_caller()) return;
    bool somebody_rings = false;
    for (const auto& leg : call.legs) {
        const bool rung = leg->purpose == Purpose::party && !leg->is_caller();
        if (!rung || leg->is_answered()) continue;
        somebody_rings = true;
        if (leg->early_media) sources.emplace_back(leg->id);
    }
    // No 180 makes a phone ring back that was itself rung.
    if (caller.off_hook && somebody_rings && sources.empty()) sources.emplace_back(call.ringback);
}

void add_ringing_target(const Call& call, const Leg& leg, std::vector<Source>& sources) {
    if (!call.transfer || call.transfer->state != TransferState::asking) return;
    if (call.transfer->transferor != leg.id) return;
    const auto* target = call.leg(call.transfer->target);
    if (target != nullptr && target->early_media) {
        sources.emplace_back(target->id);
    } else {
        sources.emplace_back(call.ringback);
    }
}

// Whoever supervises hears what is heard where its leg is.
bool is_aside(const Call& call, const Leg& ear) {
    const auto* supervised = ear.role == Role::talker ? nullptr : call.leg(ear.supervises);
    return call.is_aside(supervised == nullptr ? ear : *supervised);
}

void add_talkers(const Call& call, const Leg& ear, std::vector<Source>& sources) {
    bool somebody_holds = false;
    const bool aside = is_aside(call, ear);
    for (const auto& leg : call.legs) {
        if (leg.get() == &ear || !is_present(call, *leg) || call.is_aside(*leg) != aside) continue;
        if (leg->is_held()) {
            somebody_holds = true;
        } else {
            sources.emplace_back(leg->id);
        }
    }
    if (ear.role != Role::talker || !sources.empty()) return;
    if (somebody_holds) {
        sources.emplace_back(call.music);
    } else {
        add_ringing_target(call, ear, sources);
    }
}

void add_consultants(const Call& call, const Leg& ear, std::vector<Source>& sources) {
    for (const auto& leg : call.legs) {
        const bool whispers = leg->role == Role::consultant && leg->supervises == ear.id;
        if (whispers && leg->is_answered() && !leg->is_held()) sources.emplace_back(leg->id);
    }
}

void add_waiting(const Call& call, const Waiting& waiting, std::vector<Source>& sources) {
    sources.emplace_back(call.music);
    if (waiting.announcement) sources.emplace_back(*waiting.announcement);
}

// A pause is not heard in it, so it need not be told of.
bool is_recorded(const Leg& leg) {
    return leg.recording && leg.recording_state == RecordingState::recording && leg.is_talking();
}

// All who talk hear that somebody there is recorded.
void add_notice(const Call& call, const Leg& ear, std::vector<Source>& sources) {
    if (!call.recording_notice || ear.role != Role::talker || !is_present(call, ear) || ear.is_held()) return;
    const bool talks = std::ranges::any_of(
        sources, [](const Source& source) { return std::holds_alternative<LegId>(source); });
    if (!talks) return;
    const bool recorded = std::ranges::any_of(call.legs, [](const auto& leg) { return is_recorded(*leg); });
    if (recorded) sources.emplace_back(Sound::notice);
}

std::vector<Source> sources_of(const Call& call, const Leg& leg) {
    std::vector<Source> sources;
    if (!leg.is_answered()) {
        add_early_media(call, leg, sources);
    } else if (leg.state == LegState::parked) {
        sources.emplace_back(call.music);
    } else if (call.is_waiting(leg)) {
        add_waiting(call, *call.waiting, sources);
    } else if (leg.is_held()) {
        return sources;
    } else if (call.is_transferee(leg)) {
        sources.emplace_back(call.music);
    } else {
        add_talkers(call, leg, sources);
        add_consultants(call, leg, sources);
        add_notice(call, leg, sources);
    }
    return sources;
}

}  // namespace

Hearing hearing(const Call& call) {
    Hearing rows;
    rows.reserve(call.legs.size());
    for (const auto& leg : call.legs) rows.push_back({leg->id, sources_of(call, *leg)});
    return rows;
}

}  // namespace patchbay::call
