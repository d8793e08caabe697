// Operators, groups, queues and waiting callers as they are at one instant: what lists answer with and events
// carry.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "acd/figures.hpp"
#include "acd/types.hpp"
#include "base/ids.hpp"

namespace patchbay::acd {

struct OperatorView {
    std::string domain, id, name, group;
    bool supervisor = false;
    OperatorState state = OperatorState::stopped;
    std::string reason;               ///< of auxwork and of blocked: what was said, or `missed`, `rejected`
    Time since{};                     ///< when the state was entered
    std::string number;               ///< where logged in; empty while stopped
    LegId leg;                        ///< the operator's leg while reserved or busy: the newest of several
    CallRef call;                     ///< that leg's call
    std::string queue;                ///< whose caller is offered, talked with or finished; empty: none
    std::vector<std::string> queues;  ///< ids of the queues served, in the order of the configuration
    OperatorFigures today;            ///< since the login
};

struct QueueView {
    std::string domain, id, name, number, strategy;
    std::size_t waiting = 0;
    Time waiting_since{};                   ///< when the first of them came; zero when none waits
    std::size_t operators = 0;              ///< logged in
    std::size_t available = 0;              ///< of these, could take a call now
    std::vector<std::string> operator_ids;  ///< who serves it
    QueueFigures total;                     ///< since the server started; in events without what lasts still
};

/// A caller in a queue.
struct WaitingView {
    std::string domain, queue;
    LegId leg;  ///< none for a kept place (callback)
    CallRef call;
    std::string number, name;  ///< the caller's
    Time since{};
    std::uint64_t order = 0;  ///< callers are served by `since` and this; never the same in two stays
    int priority = 0;
    std::size_t position = 0;                 ///< from 1
    bool is_offered = false;                  ///< a phone is rung for it now
    std::vector<std::string> rung_operators;  ///< whose, without plain numbers
    bool is_callback = false;
};

struct GroupView {
    std::string domain, name;
    std::size_t operators = 0, logged_in = 0, available = 0, busy = 0;
    std::vector<std::string> operator_ids;
};

}  // namespace patchbay::acd
