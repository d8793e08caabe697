// From events to CDRs: what happened to a leg, told at its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "call/event.hpp"
#include "history/cdr.hpp"

namespace patchbay::history {

/// Takes the journal's events in order. Pure: the same events give the same CDRs. O(1) an event. Not
/// thread-safe.
///
/// What a CDR says: the own party as it was when the leg started; the other party as it was when the two were
/// first connected, or, when they never were, as it was last; the call it ended in. Each talk is shown once:
/// by the leg of who was called; where that is an agent offer, or nobody was rung, by the caller's.
class Fold {
  public:
    /// The CDR of the leg that this event ended. Legs whose start was not seen give none.
    std::optional<Cdr> take(const call::Event& event);

    /// The offset after which events must be read again to know the open legs as they are now; the newest
    /// offset taken when none are open. O(open legs).
    std::uint64_t checkpoint() const;

    std::size_t open_legs() const { return legs_.size(); }

  private:
    struct OpenLeg {
        call::LegFactsPtr own, remote;  ///< as the leg started, and as the CDR will name the other party
        std::string queue_id;
        std::uint64_t first_offset = 0;
        CallRef call;
        Time started{}, answered{}, distributed{}, agent_answered{};
        Milliseconds held{0};
        std::optional<Time> waiting_since{};  ///< it holds or is parked since then
        call::Role role = call::Role::talker;
        std::vector<Uuid> recordings;
        std::vector<std::string> success_faxes, failed_faxes;
        bool rang = false;
        bool remote_known = false;  ///< it was connected to that other party
        bool in_queue = false;      ///< it waits, or its operator is not yet named
        bool waited = false;        ///< in a queue, sooner or later
    };

    static void see_party(OpenLeg& leg, const call::LegChanged& changed);
    static void see_recording(OpenLeg& leg, const call::RecordingChanged& changed);
    void see_callers_recording(const call::Event& event, const call::RecordingChanged& changed);
    static void see_state(OpenLeg& leg, const call::Event& event);
    static void see_queue(OpenLeg& leg, const call::Event& event);
    static Cdr make(const OpenLeg& leg, const call::Event& event, const call::LegEnded& end);
    void begin(const call::Event& event, const call::LegStarted& started);
    bool is_shown(const OpenLeg& leg, const call::LegEnded& end) const;

    std::unordered_map<LegId, OpenLeg> legs_;
    std::unordered_set<CallRef> rung_;           ///< open calls in which somebody was called
    std::unordered_map<CallRef, LegId> waited_;  ///< in which somebody waits or waited: who
    std::uint64_t newest_ = 0;
};

}  // namespace patchbay::history
