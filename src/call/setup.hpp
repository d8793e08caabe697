// How a call comes to be: somebody calls, somebody is rung, rings or answers.
#pragma once

#include <string>

#include "call/core.hpp"

namespace patchbay::call::setup {

/// A call came in (SwitchFacts::incoming).
void incoming(Core& core, LegId id, const Incoming& incoming);
/// Somebody rings for the caller, if there is one who waits: its phone is told.
void caller_hears_ringing(Core& core, Leg& leg);
/// The one who was called answered: so is the caller.
void party_answered(Core& core, Leg& leg);
/// Rings somebody for `caller`; the call ends when no media port is left.
void ring_party(Core& core, Call& call, const Leg& caller, Destination destination,
                const std::string& called_number);
/// Why nobody can be rung there.
Cause why_not(const Core& core, const std::string& domain, const std::string& number, bool may_call_out);
/// A call of its own for a leg that called us and is refused.
void refuse_caller(Core& core, std::unique_ptr<Leg> leg, const Cause& cause);
/// Puts a leg that called us into a call that is there, to talk with `with`. When no media port is left the
/// leg is refused and nothing comes back.
Leg* add_caller(Core& core, Call& call, std::unique_ptr<Leg> leg, const Leg& with);
/// Answers the caller of a call for `answered`, which takes it, and ends whoever else rings for it.
void answer_caller(Core& core, Call& call, const Leg& answered, const Cause& for_others);

}  // namespace patchbay::call::setup
