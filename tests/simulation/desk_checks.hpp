// What must hold of operators, queues and waiting callers whatever happens.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "acd/desk.hpp"
#include "call/facts.hpp"
#include "checks.hpp"

namespace patchbay::simulation {

/// Stands where the journal stands: the events' own checks see each event first, then the desk. Compares what
/// the desk tells with the switch's legs.
class DeskChecks final : public call::EventSink {
  public:
    DeskChecks(Breach& breach, call::EventSink& first, acd::Desk& desk)
        : breach_(breach), first_(first), desk_(desk), notes_(std::make_shared<Notes>(breach)) {}

    void listen(const std::string& domain);
    void publish(call::Event event) override;

    /// Nobody is reserved or busy without a leg of that kind, or in any other state with one; who waits in
    /// the switch waits in one line of the desk; every caller is counted once, and no time twice. The events
    /// told all of it.
    void check(const std::vector<call::LegView>& legs);
    /// With all calls gone: nobody is busy and nobody waits.
    void check_quiet();
    /// Logs everybody out, so that the desk has nothing to wait for.
    void send_home();

  private:
    // Folds the desk's own events: offsets without gaps, each caller that came leaves once.
    class Notes final : public acd::Listener {
      public:
        explicit Notes(Breach& breach) : breach_(breach) {}
        void snapshot(const acd::Snapshot& snapshot) override;
        void event(const acd::Event& event) override;
        std::map<LegId, acd::WaitingView> waiting;  ///< as last told
        std::map<std::string, std::size_t> kept;    ///< places for callbacks, by queue
        std::map<std::string, acd::OperatorView> operators;

      private:
        void came(const acd::WaitingView& caller);
        void stays(const acd::WaitingView& caller);
        void left(const acd::CallerLeft& body);
        Breach& breach_;
        std::uint64_t offset_ = 0;
    };

    acd::Outcome ask(acd::Action action);
    void check_operators(const std::vector<call::LegView>& legs);
    void check_told(const acd::OperatorView& person);
    void check_lines(const std::vector<call::LegView>& legs);
    void check_places();
    void check_counts();

    Breach& breach_;
    call::EventSink& first_;
    acd::Desk& desk_;
    std::shared_ptr<Notes> notes_;
    std::string domain_;
};

}  // namespace patchbay::simulation
