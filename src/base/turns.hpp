// How the system's scheduler treats a thread.
#pragma once

namespace patchbay {

/// The calling thread works briefly and often, and somebody waits for it: from now on the scheduler gives it
/// turns of 0.1 ms, and therefore lets it in, when it wakes, before threads that calculate for longer. Linux
/// 6.12 or newer; elsewhere nothing changes. Its share of the processor stays the same.
void take_short_turns();

/// Ends the calling thread's turn: who waits for the core goes first. For between the steps of long work,
/// about one for each 0.1 ms, by a thread that takes short turns: the rest of the turn is given away. Costs a
/// third of a microsecond when nobody waits.
void end_turn();

}  // namespace patchbay
