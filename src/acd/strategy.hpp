// Whom a queue rings for a caller: one pure decision.
#pragma once

#include <vector>

#include "acd/record.hpp"

namespace patchbay::acd {

/// Could the phone be rung for a queue's caller now?
bool is_free(const OperatorRecord& person, Time now);

/// Who is to be rung for the caller now, as the queue's strategy says: all the free ones, one, or nobody. Who
/// did not take this caller before comes again only when all who are free have been tried; plain numbers only
/// when no operator is free.
std::vector<OperatorRecord*> choose(const QueueRecord& queue, const WaitingCaller& caller, Time now);

/// The level that is asked of operators after so long a wait (strategy skills).
int required_level(const config::Queue& settings, Milliseconds waited);

}  // namespace patchbay::acd
