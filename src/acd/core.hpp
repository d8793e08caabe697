// What every part of the desk stands on: the records, who is where, and how the others are told. The parts
// (seats, line, distribution) are functions over a Core.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "acd/command.hpp"
#include "acd/feed.hpp"
#include "acd/roster.hpp"
#include "base/clock.hpp"
#include "base/throttle.hpp"
#include "base/timers.hpp"
#include "call/command.hpp"
#include "call/switch.hpp"
#include "config/announcing.hpp"

namespace patchbay::acd {

/// A caller that left its queue for another number or queue.
struct Passing {
    int times = 0;         ///< how often: callers do not go round in circles for ever
    bool gave_up = false;  ///< the queue gave it up, else a command moved it
};

/// Not thread-safe.
class Core {
  public:
    Core(const config::Config& config, Clock& clock, Timers& timers);
    ~Core();
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    Clock& clock;
    Timers& timers;
    call::Switch* calls = nullptr;
    Throttle throttle;  ///< of passwords dialled: by phone and operator
    Roster roster;
    Feed feed;
    const config::SoundFiles sounds;  ///< those there are: media read them at the start

    std::unordered_map<LegId, call::LegFactsPtr> facts;  ///< of legs of operators and queues
    std::unordered_map<LegId, WaitingCaller*> waiting;   ///< by the caller's leg
    std::unordered_map<LegId, OperatorRecord*> offers;   ///< by the rung leg
    std::unordered_map<LegId, OperatorRecord*> engaged;  ///< by the operator's leg
    std::unordered_map<LegId, LegId> sent;               ///< rung leg of an overflow → the caller's
    std::unordered_map<LegId, Passing> passing;          ///< by the caller's leg
    std::unordered_map<CallRef, LegId> callbacks;        ///< under way → the operator's leg
    std::uint64_t last_order = 0;
    bool rings = false;  ///< the desk is just having a phone rung: ring()

    /// Asks the switch. Never from within an event: see later().
    Result<call::Outcome> command(const std::string& domain, call::Action action);
    void clear(const std::string& domain, LegId leg);
    /// Offer or Originate: the rung leg, which nobody has noted yet.
    Result<call::LegView> ring(const std::string& domain, call::Action action);
    /// Does it when the switch has finished what it is at.
    void later(std::function<void()> action);
    /// Does now whatever waits for that.
    void run();

    /// Tells what became of the operator, and has the queues look again, when the state changed.
    void refresh(OperatorRecord& person);
    /// Counts the operator's time up to now: before its legs or its after-call work change, and before
    /// figures are told.
    void account(OperatorRecord& person);
    /// The same of everybody.
    void account(Office& office);
    /// Somebody may be had for who waits there.
    void due(QueueRecord& queue);
    /// The phone cannot be rung just now: it is not tried before that time is over.
    void pass_over(OperatorRecord& person, Milliseconds time);
    /// What others are told of the queue changed.
    void changed(QueueRecord& queue);
    void publish(const std::string& domain, EventBody body);
    /// Something else of the operator changed than refresh() compares: its queues, or what the configuration
    /// says.
    void tell(const OperatorRecord& person);

    /// Queues in which somebody may be had; they are not due any more.
    std::vector<QueueRecord*> take_due();

  private:
    void wake();
    void tell_queues();
    void tell_meters(QueueRecord& queue, const QueueView& seen);
    void keep_meters();
    bool refresh_meters(Office& office);
    void watch_idleness(OperatorRecord& person);
    void stop_timers(const OperatorRecord& person);

    std::vector<std::function<void()>> todo_;
    std::vector<QueueRecord*> due_, changed_;
    TimerId wake_, meters_timer_;
    bool runs_ = false;
};

}  // namespace patchbay::acd
