// The line of a queue: callers come, wait, hear where they are, and leave, each exactly once.
#pragma once

#include <string>

#include "acd/core.hpp"

namespace patchbay::acd {

/// The leg waits in the queue from now on; from another one it brings its time along.
void enter_queue(Core& core, LegId leg, CallRef call, const std::string& queue_id);
/// The caller leaves the line. `who` answered, or `to` is where it went.
void leave_queue(Core& core, WaitingCaller& caller, Leaving how, OperatorRecord* who, const std::string& to);
/// The caller, who wants to be called back, has hung up: its place is kept.
void keep_place(Core& core, WaitingCaller& caller);
/// The queue can do no more for the caller: it goes to the overflow, or is hung up.
void give_up(Core& core, WaitingCaller& caller);
/// Rings a number for a leg that waits but is in no line any more, or is about to leave it; without an answer
/// it is hung up. An error says why nobody can be rung there.
Result<Done> send_to(Core& core, const std::string& domain, LegId leg, const std::string& to);
/// The place of the caller in the line, from 1. O(line).
std::size_t position_of(const WaitingCaller& caller);

}  // namespace patchbay::acd
