// The CDR: the record of one leg in one ended call.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "call/quality.hpp"
#include "call/types.hpp"

namespace patchbay::history {

/// Who ended it, as ECSS prints it: the caller (a), the called party (b), or neither.
enum class ReleasedBy : std::uint8_t { a, b, system };

/// One leg of one ended call. Made by folding the leg's events (fold.hpp). Times are UTC to the millisecond.
struct Cdr {
    LegId leg;
    CallRef call;
    std::string domain;
    call::Direction direction = call::Direction::in;
    call::Role role = call::Role::talker;
    std::string number, display_name, operator_id, group;  ///< the leg's own party
    std::string remote_number, remote_display_name, remote_operator_id, remote_group;  ///< the other party
    std::string called_number, called_did, trunk, queue_id;
    Time started{}, answered{}, released{};  ///< answered is zero when it was not
    Time distributed{}, agent_answered{};    ///< from a queue: first rung for, answered; zero when not
    bool rang = false;                       ///< it alerted or was answered
    /// Its record is the one that a list of calls, not of legs, shows: the leg of who was called, or that of
    /// the caller who waited in a queue or for whom nobody was rung.
    bool shown = true;
    ReleasedBy released_by = ReleasedBy::system;
    std::string cause;  ///< the slug
    int sip = 0;
    Milliseconds held{0};           ///< time it held or was parked
    std::vector<std::string> urls;  ///< recordings: UUIDs of ours, or addresses elsewhere
    /// UUIDs of the faxes the leg sent us: those that came whole, and the others.
    std::vector<std::string> success_faxes, failed_faxes;
    call::QualityPtr quality;  ///< of its audio; null: it had none

    bool is_answered() const { return answered != Time{}; }
    /// Its record tells of the wait in a queue.
    bool waited() const {
        return !queue_id.empty() && (direction == call::Direction::out || distributed != Time{});
    }

    // Durations as the original computes them, in whole seconds (shared by both dialects).
    Seconds total() const;     ///< ⌊release⌋ − ⌊start⌋
    Seconds waiting() const;   ///< ⌊answer or release⌋ − ⌊start⌋
    Seconds talk() const;      ///< ⌊release⌋ − ⌊answer⌋; 0 when unanswered
    Seconds duration() const;  ///< ⌊release − answer⌋; 0 when unanswered
    // The same, where the answer that counts was at another time; zero: there was none.
    Seconds waiting(Time answer) const;
    Seconds talk(Time answer) const;
    Seconds duration(Time answer) const;
};

}  // namespace patchbay::history
