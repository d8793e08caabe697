#include "call/recording.hpp"

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

}  // namespace

Result<Leg*> change(Core& core, Leg& leg, RecordingAction action) {
    if (action == RecordingAction::start) {
        if (leg.recording) return refuse(refusal::wrong_state, "the leg is recorded already");
        if (!leg.is_answered()) return refuse(refusal::wrong_state, "the leg does not talk yet");
        if (!begin(core, leg)) return refuse(refusal::no_recording, "no recording can be begun just now");
        return &leg;
    }
    if (!leg.recording) return refuse(refusal::wrong_state, "the leg is not recorded");
    const auto wanted = wanted_state(action);
    if (wanted == leg.recording_state)
        return refuse(refusal::wrong_state, "the recording is " + std::string(word(wanted)) + " already");
    move_to(core, leg, wanted);
    return &leg;
}

void begin_if_set(Core& core, Leg& leg) {
    if (leg.was_recorded || leg.role != Role::talker) return;
    const auto recorded = [](const auto& other) { return bool(other->recording); };
    const bool by_queue =
        core.directory.records_queue(*leg.facts) && std::ranges::none_of(leg.call->legs, recorded);
    if (!by_queue && !core.directory.records_party(*leg.facts)) return;
    if (begin(core, leg)) return;
    leg.was_recorded = true;  // it is not tried again at each change
    log::error("call", "leg {} is to be recorded, but no recording can be begun", leg.id.text());
}

void end(Core& core, Leg& leg) {
    if (leg.recording) move_to(core, leg, RecordingState::stopped);
}

void failed(Core& core, Leg& leg, Uuid recording, std::string_view reason) {
    if (leg.recording != recording) return;
    core.tools.media.change_recording(leg.id, RecordingState::stopped);
    tell(core, leg, RecordingState::failed, reason);
    leg.recording = {};
}

}  // namespace recording
}  // namespace patchbay::call
