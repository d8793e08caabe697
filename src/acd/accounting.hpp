// Time that goes into figures: what an operator does from one change to the next, and what of it belongs to
// the queue whose call that is.
#pragma once

#include "acd/record.hpp"

namespace patchbay::acd {

/// Counts all that the operator (or plain number) did from `from` to `to`, in which nothing of its state and
/// its legs changed, into its own figures and those of its calls' queues, cut at the borders of the
/// intervals. The operator's own time is counted once, however many calls it has: as talk while it talks on
/// one of them.
void count_time(OperatorRecord& person, Time from, Time to);

}  // namespace patchbay::acd
