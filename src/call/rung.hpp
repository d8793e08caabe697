// What a rung leg's phone does, told to the part of the switch that had it rung.
#pragma once

#include "call/core.hpp"

namespace patchbay::call::rung {

void rings(Core& core, Leg& leg, bool early_media);
void answers(Core& core, Leg& leg);

/// Has the phone answer by itself, if it can.
Result<Leg*> answer(Core& core, Leg& leg);
/// Declines for the party.
Result<Leg*> refuse(Core& core, Leg& leg);

}  // namespace patchbay::call::rung
