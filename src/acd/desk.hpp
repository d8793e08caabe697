// The desk: operators, queues and the distribution of callers, over the switch. A client of the switch like
// any other: it hears events, after the journal has them, and asks by commands. Pure: no sockets, files,
// threads or clock of its own, so that it runs whole under the simulation.
//
// After a restart the desk begins anew: all operators are logged out, nobody waits (the calls were closed by
// the journal's recovery), and the figures count from zero.
#pragma once

#include <memory>

#include "acd/command.hpp"
#include "acd/event.hpp"
#include "base/clock.hpp"
#include "base/timers.hpp"
#include "call/event.hpp"
#include "call/ports.hpp"
#include "call/switch.hpp"
#include "config/config.hpp"

namespace patchbay::acd {

/// Not thread-safe: every member on the switch thread. Clock, timers and switch must outlive it.
class Desk final : public call::EventSink, public call::Features {
  public:
    Desk(config::ConfigPtr config, Clock& clock, Timers& timers);
    ~Desk() override;

    /// Before anything else. The switch is one that tells this desk of its events.
    void start(call::Switch& calls);
    /// Carries the command out or refuses it; `reply` is called once before this returns. Never from within
    /// an event or the switch.
    void execute(const Command& command, const Reply& reply);
    /// Callers of queues that are no more go to the overflow; operators that are no more are logged out.
    /// Whatever of this others know is told.
    void reload(config::ConfigPtr config);
    /// See Gateway::subscribe. A domain that is not there has no events.
    void subscribe(const std::string& domain, std::uint64_t after, const std::weak_ptr<Listener>& listener);

    /// An event of the switch. Never asks the switch before that has finished what it is at.
    void publish(call::Event event) override;
    bool dialled(const std::string& domain, const std::string& number, const std::string& code) override;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::acd
