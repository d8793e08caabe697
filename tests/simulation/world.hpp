// A switch in a simulated world: virtual time, simulated SIP and media, and operations done to it one by one.
#pragma once

#include <string>

#include "acd/desk.hpp"
#include "call/switch.hpp"
#include "checks.hpp"
#include "desk_checks.hpp"
#include "operation.hpp"
#include "peers.hpp"

namespace patchbay::simulation {

class VirtualClock final : public Clock {
  public:
    Time now() override { return Time{Milliseconds{1'700'000'000'000}} + ticks_; }
    Ticks ticks() override { return ticks_; }
    void pass(Milliseconds time) { ticks_ += time; }

  private:
    Ticks ticks_{0};
};

class World {
  public:
    World();
    /// Does one operation and checks everything.
    void perform(const Operation& operation);
    /// Lets all time pass that anything may wait for, ends all calls, and checks that nothing is left.
    void finish();

    const Breach& breach() const { return breach_; }
    std::size_t events() const { return events_.count(); }
    /// Commands that were accepted: a run that does nothing proves nothing.
    std::size_t accepted() const { return accepted_; }

    Ports& ports() { return ports_; }

  private:
    using Handler = void (World::*)(const Operation&);

    void dial(const Operation& operation);
    void tell(const Operation& operation);
    void end(const Operation& operation);
    void redirect(const Operation& operation);
    void refer(const Operation& operation);
    void command(const Operation& operation);
    void surroundings(const Operation& operation);

    call::Action action(const Operation& operation);
    call::Scope scope(const Operation& operation) const;
    LegId leg(std::uint32_t choice) const;
    std::string number(std::uint32_t choice) const;
    void execute(const call::Command& command);
    void ask_desk(const Operation& operation);
    acd::Action desk_action(const Operation& operation);

    void check();
    void check_legs(const std::vector<call::LegView>& legs);
    void check_calls(const std::vector<call::LegView>& legs);
    void check_timers(const std::vector<call::LegView>& legs);
    void check_hearing(CallRef call);
    void check_ears(const std::vector<call::LegView>& legs);
    void check_ear(const call::LegView& leg, const std::vector<call::LegView>& legs);
    void pass(Milliseconds time);

    Breach breach_;
    VirtualClock clock_;
    Timers timers_{clock_};
    Peers peers_{breach_};
    Ports ports_{breach_};
    EventChecks events_{breach_};
    Timers desk_timers_{clock_};  ///< apart, so that the switch's can be counted
    acd::Desk desk_;
    DeskChecks desk_checks_{breach_, events_, desk_};
    call::Switch switch_;
    std::size_t accepted_ = 0;
};

}  // namespace patchbay::simulation
