// What the desk knows of each operator, queue and waiting caller. Internal to acd/; others see views
// (view.hpp).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "acd/statistics.hpp"
#include "acd/types.hpp"
#include "base/ids.hpp"
#include "base/timers.hpp"
#include "config/config.hpp"

namespace patchbay::acd {

struct QueueRecord;
class OperatorMeters;
class QueueMeters;
struct WaitingCaller;

/// A leg of an operator that is not an agent offer any more, or never was.
struct Engagement {
    LegId leg;
    CallRef call;
    QueueRecord* queue = nullptr;  ///< the queue it came through; null: a direct call
    bool is_answered = false;
    bool is_held = false;
};

/// A phone that is rung for a queue's caller.
struct AgentOffer {
    LegId leg;
    CallRef call;
    WaitingCaller* caller = nullptr;  ///< null: the caller has left, the leg is about to end
    QueueRecord* queue = nullptr;
    bool is_withdrawn = false;  ///< taken back by us: not the operator's fault
};

/// An operator, or a plain number that a queue rings. The state is never stored: it follows from the rest, so
/// that nobody can be reserved or busy without a leg.
struct OperatorRecord {
    std::string domain, id, name, group;
    bool supervisor = false;
    bool is_number = false;  ///< a plain number: `id` and `number` are that, and it is always there
    bool is_gone = false;    ///< the configuration has it no more
    std::string home;        ///< the configured number

    bool logged_in = false;
    std::string number;
    bool on_break = false;
    bool blocked = false;
    std::string reason;  ///< of the break, or of being blocked
    std::optional<AgentOffer> offer;
    std::vector<Engagement> engaged;
    QueueRecord* finishing = nullptr;  ///< whose after-call work is under way
    TimerId finish_timer, logout_timer, supervise_timer, reach_timer;
    Time unreachable_until{};  ///< its phone could not be rung: not tried again before

    std::vector<QueueRecord*> queues;
    Time idle_since{};
    Statistics<OperatorFigures> statistics;
    OperatorFigures at_login;  ///< the total when it logged in

    // As was last told.
    OperatorState told = OperatorState::stopped;
    std::string told_reason, told_number;
    LegId told_leg;
    Time since{};
    Time accounted{};                        ///< what it does is counted up to here
    std::shared_ptr<OperatorMeters> meters;  ///< none: a plain number
};

struct WaitingCaller {
    QueueRecord* queue = nullptr;
    LegId leg;
    CallRef call;
    std::string number, name;
    Time since{};
    std::uint64_t order = 0;
    int attempts = 0;
    bool wants_callback = false;         ///< and has hung up when `leg` is none: only the place is left
    std::vector<OperatorRecord*> rung;   ///< whose phones ring for it now
    std::vector<OperatorRecord*> tried;  ///< who did not take it, in this round
    Time put_off_until{};                ///< could not be called back: not tried again before
    TimerId patience, announcement, relaxation, retry;
};

/// Somebody who serves a queue.
struct Server {
    OperatorRecord* who = nullptr;
    int level = 100;
};

struct QueueRecord {
    using Place = std::pair<Time, std::uint64_t>;

    std::string domain;
    config::Queue settings;
    bool is_gone = false;
    std::vector<Server> servers;                              ///< the operators
    std::vector<OperatorRecord*> numbers;                     ///< the plain numbers
    std::map<Place, std::unique_ptr<WaitingCaller>> waiting;  ///< in the order of service
    std::size_t next_in_turn = 0;                             ///< of round_robin
    std::map<std::string, bool> changes;  ///< operators that joined (true) or left (false) by command
    Statistics<QueueFigures> statistics;
    bool is_due = false;       ///< somebody may be had for who waits
    bool is_changed = false;   ///< others have to be told
    bool was_removed = false;  ///< others were told that it is gone
    std::shared_ptr<QueueMeters> meters;
};

/// What the operator is doing.
OperatorState state_of(const OperatorRecord& person);

}  // namespace patchbay::acd
