// Commands: what any dialect may ask of the switch. Each has exactly one result, at once: accepted, with the
// legs it concerns as they are now, or refused with a reason. What follows from it arrives as events.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "call/facts.hpp"

namespace patchbay::call {

// In all of these, those about queues left out, `leg` is the one whose party asks: B of the table in
// docs/manual/commands.md.

struct Hold {
    LegId leg;
    bool repeat_is_done = false;  ///< holding a held leg is a success (Ringme), not a refusal (ECSS)
};
/// Ends a hold, and calls off a transfer that the leg has begun: it talks with the other party again. A phone
/// that holds by itself is asked to come back; LegRetrieved tells when it has.
struct Retrieve {
    LegId leg;
    bool repeat_is_done = false;
};
/// Blind transfer of the other party to a number (RFC 5589, section 6): an extension, an outside number if
/// the leg's extension may call it, or a parking slot. While the leg's own attended transfer is under way,
/// its number again, or none, completes that.
struct Transfer {
    LegId leg;
    std::string to;
};
/// Joins the other party of `leg` with the other party of `with`; both legs end.
struct Join {
    LegId leg;
    LegId with;
};
/// Attended transfer: the other party waits with music while `leg` talks with the number rung.
struct AttendedTransfer {
    LegId leg;
    std::string to;
};
/// Rings a number and joins it to the call in that mode. A number that joined so before changes its mode. The
/// number that the leg consults in an attended transfer makes, in mode conference, one talk of the three.
struct Supervise {
    LegId leg;
    std::string to;
    SuperviseMode mode = SuperviseMode::consult;
    std::string operator_id{};  ///< when `to` is empty: where that operator works
};
struct Park {
    LegId leg;
};
/// Rings a number and connects it in the place of `leg` (ringing, answered or parked).
struct Pickup {
    LegId leg;
    std::string to;
};
enum class RecordingAction : std::uint8_t { start, stop, pause, mask, resume };
/// The word of each value, as the log prints it.
std::string_view word(RecordingAction action);
/// Records what the leg says and what it hears of others. `resume` ends a pause and a mask.
struct Record {
    LegId leg;
    RecordingAction action = RecordingAction::start;
};
/// Rings the operator's own phone, which answers by itself where it can, and then `to`.
struct Originate {
    std::string number;  ///< the phone rung first; empty: where the scope's operator works
    std::string to;
    std::string to_operator{};  ///< when `to` is empty: where that operator works
    std::string queue{};        ///< the queue on whose behalf; empty: none
};
/// Has the phone that rings for the leg answer by itself, where it can.
struct Answer {
    LegId leg;
};
/// Declines a call that rings at the leg.
struct Refuse {
    LegId leg;
};
/// Makes one talk of two: everybody who talks in `with`'s call comes into that of `leg`. Who is in both, as
/// whoever asks mostly is, keeps the leg in that of `leg`.
struct Merge {
    LegId leg;
    LegId with;
};
/// Takes a participant out of the talk that `leg` is in.
struct Remove {
    LegId leg;
    LegId participant;
};
/// Everybody in the leg's call, whatever the scope.
struct Members {
    LegId leg;
};
/// Hangs the leg up; the answer shows it as `ended`.
struct Clear {
    LegId leg;
};
/// All legs of the scope.
struct List {};
/// One leg.
struct Find {
    LegId leg;
};
/// The operator works at that number from now on, and whoever worked there no more: calls at its phone that
/// are nobody's are the operator's. An empty number: at the configured one, unless somebody works there.
struct Seat {
    std::string operator_id;
    std::string number;
};

/// The other party of `leg` waits in the queue, and `leg` ends. A leg that waits in a queue itself waits in
/// this one instead.
struct Enqueue {
    LegId leg;
    std::string queue;  ///< its id
};
/// An agent offer: rings a number for a waiting leg. Several may ring at once: the first that answers talks,
/// the others are cleared with cause answered_elsewhere. The outcome's second leg is the one rung; Clear
/// takes the offer back.
struct Offer {
    LegId leg;
    std::string to;
    Seconds timeout{20};
};
/// Plays sounds to a waiting leg, once, one after the other; then it hears music again. What is being played
/// is played to its end: others are refused meanwhile (wrong_state).
struct Announce {
    LegId leg;
    std::vector<std::string> sounds;
};

using Action =
    std::variant<Hold, Retrieve, Transfer, Join, AttendedTransfer, Supervise, Park, Pickup, Clear, List, Find,
                 Seat, Record, Originate, Answer, Refuse, Merge, Remove, Members, Enqueue, Offer, Announce>;

/// The command's name, as metrics and the log print it.
std::string_view name(const Action& action);

/// Whose legs a command may touch. A leg outside it is answered as if it did not exist.
struct Scope {
    std::string domain;
    std::string number;       ///< legs of this number only; empty: any
    std::string operator_id;  ///< legs of this operator only; empty: any
    std::string group{};      ///< legs of this group's operators only; empty: any
};

struct Command {
    Scope scope;
    Action action;
    std::string_view dialect;  ///< static storage; for metrics and the log
};

/// What an accepted command answers: the legs it concerns, as they are after it.
struct Outcome {
    std::vector<LegView> legs;
    int park_slot = 0;
};

/// Codes of a refused command (Error::code); its text says more.
namespace refusal {
inline constexpr std::string_view no_such_leg = "no_such_leg";        ///< unknown, ended, or out of scope
inline constexpr std::string_view no_such_number = "no_such_number";  ///< nothing can be rung there
inline constexpr std::string_view wrong_state = "wrong_state";  ///< does not fit the state; text says which
inline constexpr std::string_view in_progress = "in_progress";  ///< another transfer of the call is under way
inline constexpr std::string_view cannot_answer = "cannot_answer";  ///< its phone cannot be told to
inline constexpr std::string_view no_media = "no_media";            ///< no media port left
inline constexpr std::string_view no_recording = "no_recording";    ///< no recording can be begun just now
inline constexpr std::string_view no_such_queue = "no_such_queue";  ///< not in this domain
inline constexpr std::string_view no_slot = "no_slot";              ///< all parking slots are taken
inline constexpr std::string_view overloaded = "overloaded";        ///< the switch's queue is full; try again
inline constexpr std::string_view invalid = "invalid";              ///< the command itself makes no sense
}  // namespace refusal

using Reply = std::function<void(Result<Outcome>)>;

/// The way to the switch for other threads.
class Gateway {
  public:
    virtual ~Gateway() = default;
    /// Any thread. `reply` is called exactly once, on the switch thread (or at once, on the caller's, when
    /// the command is refused as `overloaded`); it must not block.
    virtual void submit(Command command, Reply reply) = 0;
};

}  // namespace patchbay::call
