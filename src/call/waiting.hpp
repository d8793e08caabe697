// Waiting in a queue: a leg that is answered and hears music, and the phones that are rung for it (agent
// offers). Who is rung, and when, the desk decides by commands.
#pragma once

#include <string>
#include <vector>

#include "call/core.hpp"

namespace patchbay::call::waiting {

/// The answered leg, with nobody to talk with from now on, waits in the queue. Its call has to be settled.
void begin(Core& core, Leg& leg, const ToQueue& queue);

// The commands of these names (command.hpp). Each yields the leg it is about beside the named one.
Result<Leg*> enqueue(Core& core, Leg& leg, const std::string& queue);
Result<Leg*> offer(Core& core, Leg& leg, const std::string& to, Seconds timeout);
Result<Leg*> announce(Core& core, Leg& leg, const std::vector<std::string>& sounds);

/// A phone that was rung for a waiting leg answered: the two talk.
void answered(Core& core, Leg& taker);
/// The leg hears music again, unless another announcement has begun meanwhile.
void announcement_ended(Core& core, Leg& leg, std::uint32_t announcement);

}  // namespace patchbay::call::waiting
