// Distribution: whose phone is rung for which waiting caller, and what follows from how that ends.
#pragma once

#include "acd/core.hpp"
#include "call/types.hpp"

namespace patchbay::acd {

/// Rings phones for who waits in the queues that are due, until nobody more can be had. Of several queues the
/// one with the higher priority is served first, then whoever waits longest.
void distribute(Core& core);

/// A rung phone answered: the operator talks with the caller.
void offer_answered(Core& core, OperatorRecord& person);
/// A rung phone's leg ended unanswered: the next one is rung, and who did not take the call pays for it.
void offer_ended(Core& core, OperatorRecord& person, const call::Cause& cause);
/// Takes back the offer to the operator, if there is one, without blame.
void withdraw(Core& core, OperatorRecord& person);

}  // namespace patchbay::acd
