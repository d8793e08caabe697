// Commands to the desk: what any dialect may ask of the operators and queues of a domain. Each has exactly
// one result, at once; what follows from it arrives as events.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "acd/view.hpp"
#include "base/result.hpp"

namespace patchbay::acd {

/// Starts work at a number: the operator is `available` and the number's calls are the operator's.
struct Login {
    std::string operator_id;
    std::string number;  ///< empty: the configured one
    /// Moves a login that is there already to this number, even when the domain has only_one_session.
    bool take_over = false;
};
/// Ends work. Refused during a call: `wrong_state`.
struct Logout {
    std::string operator_id;
};
/// Ends work whatever the operator does; a call goes on without the call centre.
struct ForceLogout {
    std::string operator_id;
};
/// Takes calls again: ends a break and after-call work. During a call it is remembered for the time after.
struct MakeAvailable {
    std::string operator_id;
};
/// A break. While rung: the caller goes to the next operator. During a call: begins after it.
struct Auxwork {
    std::string operator_id;
    std::string reason;
};
struct Block {
    std::string operator_id;
    std::string reason;
};
struct Unblock {
    std::string operator_id;
};
/// Ends after-call work.
struct Complete {
    std::string operator_id;
};
/// The operator serves the queue from now on, until the server ends or LeaveQueue.
struct JoinQueue {
    std::string operator_id, queue;
};
struct LeaveQueue {
    std::string operator_id, queue;
};
/// `leg` is an operator's: its other party waits in the queue and `leg` ends. Or `leg` waits in a queue
/// already: it waits in this one from now on, with its time kept.
struct MoveToQueue {
    LegId leg;
    std::string queue;  ///< the id, or the number
};
/// Takes a waiting leg out of its queue: `to` is rung for it, or, when that is empty, it is hung up.
struct RemoveFromQueue {
    LegId leg;
    std::string to;
};
/// Operators: one, those of a group, or all.
struct ListOperators {
    std::string operator_id, group;
};
struct ListGroups {};
/// Queues: one, or all.
struct ListQueues {
    std::string queue;
};
/// Waiting callers of one queue or of all, in the order in which they will be served.
struct ListWaiting {
    std::string queue;
};
/// What was counted, of one queue or operator or of all: a record for each interval in which something was,
/// oldest first, and one for all the time since the server started.
struct ListFigures {
    enum class Of : std::uint8_t { queues, operators };
    Of of = Of::queues;
    std::string id;
};

using Action = std::variant<Login, Logout, ForceLogout, MakeAvailable, Auxwork, Block, Unblock, Complete,
                            JoinQueue, LeaveQueue, MoveToQueue, RemoveFromQueue, ListOperators, ListGroups,
                            ListQueues, ListWaiting, ListFigures>;

/// The command's name, as metrics and the log print it.
std::string_view name(const Action& action);

struct Command {
    std::string domain;
    Action action;
    std::string_view dialect;  ///< static storage; for metrics and the log
};

struct QueueInterval {
    std::string queue;
    Time begin{};  ///< zero: all the time since the server started
    QueueFigures figures;
};
struct OperatorInterval {
    std::string operator_id;
    Time begin{};
    OperatorFigures figures;
};

/// What an accepted command answers: whom it concerns, as they are after it. Commands about an operator
/// answer with that operator; about a leg, with the waiting caller (none when it left); lists with what they
/// list.
struct Outcome {
    std::vector<OperatorView> operators;
    std::vector<QueueView> queues;
    std::vector<WaitingView> waiting;
    std::vector<GroupView> groups;
    std::vector<QueueInterval> queue_figures;
    std::vector<OperatorInterval> operator_figures;
};

/// Codes of a refused command (Error::code) beside those of call/command.hpp's `refusal`.
namespace refusal {
inline constexpr std::string_view no_such_domain = "no_such_domain";
inline constexpr std::string_view no_such_operator = "no_such_operator";
inline constexpr std::string_view no_such_queue = "no_such_queue";
inline constexpr std::string_view no_such_number = "no_such_number";        ///< no extension has it
inline constexpr std::string_view number_taken = "number_taken";            ///< another operator works there
inline constexpr std::string_view already_logged_in = "already_logged_in";  ///< only_one_session
inline constexpr std::string_view not_logged_in = "not_logged_in";
inline constexpr std::string_view is_blocked = "blocked";  ///< a blocked operator cannot do that
inline constexpr std::string_view wrong_state = "wrong_state";
inline constexpr std::string_view queue_full = "queue_full";
inline constexpr std::string_view overloaded = "overloaded";  ///< too much waits for the switch thread
}  // namespace refusal

using Reply = std::function<void(Result<Outcome>)>;

}  // namespace patchbay::acd
