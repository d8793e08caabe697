// Operators at work: sessions, breaks, locks, after-call work, and the calls they have.
#pragma once

#include <string>

#include "acd/core.hpp"

namespace patchbay::acd {

// The commands of these names (command.hpp).
Result<Done> log_in(Core& core, Office& office, OperatorRecord& person, const Login& command);
Result<Done> log_out(Core& core, OperatorRecord& person);
Result<Done> make_available(Core& core, OperatorRecord& person);
Result<Done> take_break(Core& core, OperatorRecord& person, const std::string& reason);
Result<Done> block(Core& core, OperatorRecord& person, const std::string& reason);
Result<Done> unblock(Core& core, OperatorRecord& person);
Result<Done> complete(Core& core, OperatorRecord& person);
Result<Done> join_queue(Core& core, Office& office, OperatorRecord& person, QueueRecord& queue, bool joins);

/// Logs the operator out whatever is going on.
void end_session(Core& core, OperatorRecord& person);

/// The operator has a leg that no queue rang.
void engage(Core& core, OperatorRecord& person, LegId leg, CallRef call);
/// A leg of the operator ended: after-call work begins if it came from a queue that has any.
void release(Core& core, OperatorRecord& person, LegId leg);

}  // namespace patchbay::acd
