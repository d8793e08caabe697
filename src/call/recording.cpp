#include "call/recording.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"

namespace patchbay::call {

std::string_view word(RecordingAction action) {
    constexpr std::array<std::string_view, 5> words{"start", "stop", "pause", "mask", "resume"};
    return words.at(static_cast<std::size_t>(action));
}

namespace recording {
namespace {

void tell(Core& core, Leg& leg, RecordingState state, std::string_view reason = {}) {
    leg.recording_state = state;
    core.emit(*leg.call, leg, RecordingChanged{leg.recording, state, reason});
}

bool begin(Core& core, Leg& leg) {
    leg.recording = core.tools.media.record(leg.id, {leg.facts, leg.call->ref, core.tools.clock.now()});
    if (!leg.recording) return false;
    leg.was_recorded = true;
    tell(core, leg, RecordingState::recording);
    return true;
}

void move_to(Core& core, Leg& leg, RecordingState state) {
    core.tools.media.change_recording(leg.id, state);
    tell(core, leg, state);
    if (state == RecordingState::stopped) leg.recording = {};
}

RecordingState wanted_state(RecordingAction action) {
    switch (action) {
        case RecordingAction::stop:
            return RecordingState::stopped;
        case RecordingAction::pause:
            return RecordingState::paused;
        case RecordingAction::mask:
            return RecordingState::masked;
        case RecordingAction::start:
        case RecordingAction::resume:
            break;
    }
    return RecordingState::recording;
}

// Talks with whoever else does, and neither waits nor is put aside.
bool talks(const Call& call, const Leg& leg) {
    return leg.is_talking() && !leg.is_put_aside() && !call.is_transferee(leg);
}

// Who takes a caller is recorded for the queue, not the caller, who may meet several: each talk is in the
// history of whom it concerns.
bool is_recorded_for_queue(const Core& core, const Call& call, const Leg& leg) {
    if (leg.served || call.is_aside(leg)) return false;
    const bool calls_for_queue = leg.off_hook && core.directory.records_queue(*leg.facts);
    const bool takes = std::ranges::any_of(call.legs, [&](const auto& other) {
        return other->served && talks(call, *other) && core.directory.records_queue(*other->facts);
    });
    if (!calls_for_queue && !takes) return false;
    // Whoever is no operator has no history of calls: one recording of the talk is enough.
    const auto recorded = [](const auto& other) { return bool(other->recording); };
    return !leg.facts->operator_id.empty() || std::ranges::none_of(call.legs, recorded);
}

bool is_to_be_recorded(const Core& core, const Call& call, const Leg& leg) {
    return core.directory.records_party(*leg.facts) || is_recorded_for_queue(core, call, leg);
}

}  // namespace

Result<Leg*> change(Core& core, Leg& leg, RecordingAction action) {
    if (action == RecordingAction::start) {
        if (leg.recording) return refuse(refusal::wrong_state, "the leg is recorded already");
        if (!leg.is_answered()) return refuse(refusal::wrong_state, "the leg does not talk yet");
        if (!begin(core, leg)) return refuse(refusal::no_recording, "no recording can be begun just now");
        core.hear(*leg.call);
        return &leg;
    }
    if (!leg.recording) return refuse(refusal::wrong_state, "the leg is not recorded");
    const auto wanted = wanted_state(action);
    if (wanted == leg.recording_state)
        return refuse(refusal::wrong_state, "the recording is " + std::string(word(wanted)) + " already");
    move_to(core, leg, wanted);
    core.hear(*leg.call);
    return &leg;
}

void begin_where_set(Core& core, Call& call) {
    const auto talking = std::ranges::count_if(call.legs, [&](const auto& leg) { return talks(call, *leg); });
    if (talking < 2) return;
    for (const auto& leg : call.legs) {
        if (leg->was_recorded || !talks(call, *leg) || !is_to_be_recorded(core, call, *leg)) continue;
        if (begin(core, *leg)) continue;
        leg->was_recorded = true;  // it is not tried again at each change
        log::error("call", "leg {} is to be recorded, but no recording can be begun", leg->id.text());
    }
}

void end(Core& core, Leg& leg) {
    if (leg.recording) move_to(core, leg, RecordingState::stopped);
}

void failed(Core& core, Leg& leg, Uuid recording, std::string_view reason) {
    if (leg.recording != recording) return;
    core.tools.media.change_recording(leg.id, RecordingState::stopped);
    tell(core, leg, RecordingState::failed, reason);
    leg.recording = {};
    core.hear(*leg.call);
}

}  // namespace recording
}  // namespace patchbay::call
