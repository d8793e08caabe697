// Parking: the other party waits in a numbered slot with music until somebody takes it, or its parker is rung
// back. The parked leg stays in its call, whose `parking` says where.
#pragma once

#include <memory>

#include "call/core.hpp"

namespace patchbay::call::park {

/// Parks the leg's other party in the first free slot, ends the leg, and yields the parked one.
Result<Leg*> start(Core& core, Leg& parker);
/// Somebody dialled the slot.
void taken_by_caller(Core& core, Leg& parked, std::unique_ptr<Leg> caller);
/// A leg of the parked one's call was answered and takes it: others that ring for it ring no more.
void taken_by(Core& core, Call& call, const Leg& taker);
/// Takes the parked leg out of its slot and its call, into another.
void take_into(Core& core, Leg& parked, Call& to);
/// The parker, rung back, answered.
void recall_answered(Core& core, Leg& recalled);
/// A leg has left the parked one's call.
void leg_left(Core& core, Call& call, const Leg& leg, const Cause& cause);

}  // namespace patchbay::call::park
