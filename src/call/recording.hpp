// Recording a leg: begun by a setting or a command, changed by commands, ended with the leg.
#pragma once

#include <string_view>

#include "call/command.hpp"
#include "call/core.hpp"

namespace patchbay::call::recording {

/// A command's work. Errors: `wrong_state`, `no_recording`.
Result<Leg*> change(Core& core, Leg& leg, RecordingAction action);
/// Begins the recording of every leg that talks with somebody by now when a setting says so: that of its
/// extension or operator; or that of the queue in which its other party waited, or on whose behalf it calls.
void begin_where_set(Core& core, Call& call);
/// The leg ends: so does its recording.
void end(Core& core, Leg& leg);
/// Media could not write on.
void failed(Core& core, Leg& leg, Uuid recording, std::string_view reason);

}  // namespace patchbay::call::recording
