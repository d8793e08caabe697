// Originate: a call that a command begins. The operator's own phone is rung first; once it is answered it
// waits, like one who called, for the number that is rung then.
#pragma once

#include "call/core.hpp"

namespace patchbay::call::originate {

/// Rings the own phone. Yields its leg.
Result<Leg*> start(Core& core, const Scope& scope, const Originate& command);
/// The own phone was answered: now the number is rung.
void phone_answered(Core& core, Leg& leg);

}  // namespace patchbay::call::originate
