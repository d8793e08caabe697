// Events of the desk: what changed of operators and queues, in order, with offsets to resume from.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "acd/view.hpp"

namespace patchbay::acd {

/// An operator is new, or its state, number, reason, leg, queues, name or group changed.
struct OperatorChanged {
    OperatorView now;
    OperatorState before = OperatorState::stopped;
};
/// Who waits in a queue, or who serves it, changed.
struct QueueChanged {
    QueueView now;
};
/// A caller came into a queue.
struct CallerQueued {
    WaitingView caller;
};
/// An operator's phone (or a plain number) is rung for the caller.
struct CallerOffered {
    WaitingView caller;
    std::string operator_id;  ///< empty: a plain number
    std::string number;
    LegId leg;  ///< the rung one
};
/// Nobody's phone is rung for the caller any more, who goes on waiting.
struct CallerWaiting {
    WaitingView caller;
};
/// A caller left a queue: each that came leaves exactly once.
struct CallerLeft {
    WaitingView caller;
    Leaving how = Leaving::abandoned;
    std::string operator_id;  ///< who answered
    std::string number;       ///< who answered, or where it went
    Milliseconds waited{0};
};
/// The queue is no more: the configuration took it away.
struct QueueRemoved {
    std::string domain, id;
};
/// The operator is no more: the configuration took it away. Nothing is told of it after this.
struct OperatorRemoved {
    std::string domain, id;
};

using EventBody = std::variant<OperatorChanged, QueueChanged, CallerQueued, CallerOffered, CallerWaiting,
                               CallerLeft, QueueRemoved, OperatorRemoved>;

/// One fact. Offsets rise by one and never repeat, not even after a restart.
struct Event {
    std::uint64_t offset = 0;
    Time at{};
    std::string domain;
    EventBody body;
};

/// Everything as it is: what a subscriber begins with. Events after `offset` go on from here.
struct Snapshot {
    std::uint64_t offset = 0;
    std::vector<OperatorView> operators;
    std::vector<QueueView> queues;
    std::vector<WaitingView> waiting;
};

/// What a subscriber is told. Called on the switch thread, in order; must not block.
class Listener {
  public:
    virtual ~Listener() = default;
    /// First of all, unless everything since the offset it gave is still known; never later.
    virtual void snapshot(const Snapshot& snapshot) = 0;
    virtual void event(const Event& event) = 0;
};

}  // namespace patchbay::acd
