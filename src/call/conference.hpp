// Talks of more than two: who comes in by another call, and who is taken out. (Whoever is rung to come in
// joins by supervise.hpp, in mode conference.)
#pragma once

#include "call/core.hpp"

namespace patchbay::call::conference {

/// Everybody who talks in `with`'s call comes into that of `leg`. Yields the first who came, or `leg`.
Result<Leg*> merge(Core& core, Leg& leg, Leg& with);
/// Ends a participant of the leg's call, one who still rings, too. Yields the participant.
Result<Leg*> remove(Core& core, Leg& leg, LegId participant);

}  // namespace patchbay::call::conference
