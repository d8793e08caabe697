// What must hold whatever happens. The first breach is remembered.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "call/event.hpp"
#include "history/fold.hpp"

namespace patchbay::simulation {

/// The first rule that was broken, and where.
class Breach {
  public:
    void note(std::string rule, std::string where = {}) {
        if (rule_.empty()) {
            rule_ = std::move(rule);
            where_ = std::move(where);
        }
    }
    explicit operator bool() const { return !rule_.empty(); }
    const std::string& rule() const { return rule_; }
    std::string text() const { return where_.empty() ? rule_ : rule_ + ": " + where_; }

  private:
    std::string rule_, where_;
};

/// Checks the stream of events: sequences without gaps, one start first and one end last for each leg, the
/// call's end after them all, an end for each transfer, one CDR for each leg and for nothing else.
class EventChecks final : public call::EventSink {
  public:
    explicit EventChecks(Breach& breach) : breach_(breach) {}
    void publish(call::Event event) override;
    /// Legs that started and did not end.
    const std::map<LegId, CallRef>& live() const { return live_; }
    /// Is a transfer of that call under way?
    bool transfers(CallRef call) const { return calls_.at(call).transfers > 0; }
    std::size_t count() const { return count_; }
    /// Every leg that started has its one CDR, and history waits for none.
    bool all_recorded() const { return fold_.open_legs() == 0 && records_ == known_.size(); }

  private:
    struct CallState {
        std::uint32_t sequence = 0;
        std::set<LegId> legs;
        int transfers = 0;
        bool ended = false;
    };
    void leg_event(CallState& call, const call::Event& event);
    void call_ended(CallState& call, const call::Event& event);
    void moved(CallState& call, const call::Event& event);
    void record(const call::Event& event);
    void fail(const call::Event& event, const std::string& what);

    Breach& breach_;
    std::map<CallRef, CallState> calls_;
    std::map<LegId, CallRef> live_;
    std::set<LegId> known_;
    history::Fold fold_;
    std::size_t records_ = 0;  ///< CDRs, each of another leg: a leg ends once
    std::size_t count_ = 0;
};

}  // namespace patchbay::simulation
