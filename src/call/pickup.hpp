// Taking a leg's place: by the pickup command, or by a phone's INVITE with Replaces (RFC 3891).
#pragma once

#include <memory>
#include <string>

#include "call/core.hpp"

namespace patchbay::call::pickup {

/// Rings `to`, which takes the leg's place when it answers: the leg may ring, talk, or be parked.
Result<Leg*> start(Core& core, Leg& leg, const std::string& to);
/// The one rung by start() answered.
void answered(Core& core, Leg& taker);
/// A phone called in to take that leg's place.
void replaced_by_caller(Core& core, LegId replaced, std::unique_ptr<Leg> caller);

}  // namespace patchbay::call::pickup
