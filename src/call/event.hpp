// Events: facts that have happened. The switch makes them, the journal orders and keeps them, everything else
// is built from them. An event never changes after it was made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/uuid.hpp"
#include "call/facts.hpp"
#include "call/quality.hpp"
#include "call/types.hpp"

namespace patchbay::call {

/// A leg came to be. Always a leg's first event.
struct LegStarted {
    LegFactsPtr facts;
    Role role = Role::talker;
    LegId supervises;  ///< for observers and consultants
};
/// The leg's phone rings, or, for a leg that called us, the other party's does.
struct LegAlerting {};
/// The leg's phone answered, or was answered.
struct LegConnected {};
/// This leg put its call on hold: the others hear music.
struct LegHeld {
    bool by_phone = false;  ///< the phone's own button (RFC 3264, section 8.4), not a command
};
/// A held leg holds no more, or a parked or queued leg talks again.
struct LegRetrieved {};
struct LegParked {
    int slot = 0;
};
/// The leg waits in that queue, with music; told again when it goes to another queue.
struct LegQueued {
    std::string queue;
};
/// A phone is rung for this waiting leg: an agent offer. LegRetrieved tells that one answered.
struct LegOffered {
    LegId to;
};
/// The party it talks with, or what it is in the call, changed.
struct LegChanged {
    LegFactsPtr facts;
    Role role = Role::talker;
    LegId supervises;
};
/// The leg left the call `from` and is in the event's call now.
struct LegMoved {
    CallRef from;
};
/// Always a leg's last event.
struct LegEnded {
    Cause cause;
    QualityPtr quality = {};  ///< of its audio; null when it never had any
};
/// A transfer of this leg's other party to `to` began. One TransferEnded follows in the same call: on this
/// leg while it lives, else on the transferee's or, when that left too, on the target's; out of a conference,
/// when all those are gone, on one that talks on.
struct TransferStarted {
    std::string to;
    bool attended = false;
};
struct TransferEnded {
    bool done = false;  ///< false: it failed or was cancelled, `cause` says why
    Cause cause;
};
struct DtmfPressed {
    char digit = 0;
};
/// The leg's recording `id` began, changed or ended.
struct RecordingChanged {
    Uuid id;
    RecordingState state = RecordingState::recording;
    std::string_view reason = {};  ///< why it failed, static storage; empty otherwise
};
/// The fax `id` that the leg sends to a number for fax began or ended.
struct FaxChanged {
    Uuid id;
    FaxState state = FaxState::receiving;
    int pages = 0;                 ///< that came whole
    std::string_view reason = {};  ///< why it failed, static storage; empty otherwise
};
/// Always a call's last event, after the last LegEnded.
struct CallEnded {
    Cause cause;
};

using EventBody = std::variant<LegStarted, LegAlerting, LegConnected, LegHeld, LegRetrieved, LegParked,
                               LegChanged, LegMoved, LegEnded, TransferStarted, TransferEnded, DtmfPressed,
                               RecordingChanged, CallEnded, LegQueued, LegOffered, FaxChanged>;

/// One fact. `offset` is global and given by the journal (0 before); `sequence` counts from 1 within the
/// call.
struct Event {
    std::uint64_t offset = 0;
    std::uint32_t sequence = 0;
    Time at{};
    CallRef call;
    LegId leg;                        ///< none for CallEnded
    LegState state = LegState::idle;  ///< the leg's state after the event
    EventBody body;
};

/// Who takes events: the journal, or a test. Called on the switch thread, in order.
class EventSink {
  public:
    virtual ~EventSink() = default;
    virtual void publish(Event event) = 0;
};

}  // namespace patchbay::call
