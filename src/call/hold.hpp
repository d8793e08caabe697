// Hold and retrieve, by command and by the phone's own button: one leg state for both.
#pragma once

#include "call/core.hpp"

namespace patchbay::call::hold {

Result<Leg*> hold(Core& core, Leg& leg, bool repeat_is_done);
/// Also takes back the other party of a transfer that this leg has begun.
Result<Leg*> retrieve(Core& core, Leg& leg, bool repeat_is_done);
/// The leg is about to talk with somebody: it holds no more, or its phone is asked to come back.
void come_back(Core& core, Leg& leg);
/// The phone holds, or came back (which also ends a hold by command: its person wants to talk).
void phone_changed(Core& core, Leg& leg, bool held);

}  // namespace patchbay::call::hold
