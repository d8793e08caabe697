// The transfer machine (RFC 5589). One transfer a call at a time; its states are call.hpp's TransferState.
//
//   state       target rings   target answers      target fails          transferee leaves  transferor leaves
//   calling     → ringing      done                transferor there:     all end            goes on alone
//                                                  failed, else recall
//   ringing     –              done                → recalling           all end            –
//   recalling   –              talk with recalled  transferee cleared    all end            –
//   asking      –              → consulting        failed                goes on without    → calling/ringing
//   consulting  –              –                   failed                failed             done
//
// done: transferee and target talk; failed: transferee and transferor talk, or who is left of the three.
//
// Out of a conference there is no transferee: the others talk on, and get the target in the transferor's
// place. When only one of them is left, that one is the transferee from then on.
#pragma once

#include <string>

#include "call/core.hpp"

namespace patchbay::call::transfer {

/// May the leg's other party be transferred now? Yields that other party's leg.
Result<Leg*> transferee_of(const Call& call, const Leg& transferor);

/// Tells the phone that sent REFER, if it did, that what it asked for is done.
void refer_done(Core& core, Leg& transferor);

/// Blind: rings `to`; the transferor's leg ends when it rings.
Result<Leg*> start_blind(Core& core, Leg& transferor, const std::string& to);
/// Attended: the transferee waits, the transferor talks with `to`.
Result<Leg*> start_attended(Core& core, Leg& transferor, const std::string& to);
/// Joins the other parties of two calls; both transferors' legs end. That of `second` may still ring.
Result<Leg*> join(Core& core, Leg& first, Leg& second);
/// The transferor of an attended transfer gives the two to each other.
void complete(Core& core, Call& call);
/// The transferor takes the transferee back; the target's leg ends.
void cancel(Core& core, Call& call);
/// Does the leg talk with that number in its own attended transfer?
bool consults(const Leg& leg, const std::string& number);
/// The three of an attended transfer that talk or wait talk together. Yields the target.
Result<Leg*> make_conference(Core& core, Call& call);
/// The call ends as a whole.
void abandon(Core& core, Call& call, const Cause& cause);

// Facts about the target, or about the recalled transferor.
void target_rings(Core& core, Leg& target);
void target_answered(Core& core, Leg& target);
/// Any leg of the call has left; the transfer goes on, ends, or does not mind.
void leg_left(Core& core, Call& call, LegId leg, const Cause& cause);

}  // namespace patchbay::call::transfer
