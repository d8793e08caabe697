// Supervision: somebody is rung and joins a talk as observer, consultant, or as one more talker.
#pragma once

#include <string>

#include "call/core.hpp"

namespace patchbay::call::supervise {

/// Rings `to`; the talk is not disturbed until it answers.
Result<Leg*> start(Core& core, Leg& supervised, const std::string& to, SuperviseMode mode);
/// The one rung by start() answered.
void answered(Core& core, Leg& supervisor);

}  // namespace patchbay::call::supervise
