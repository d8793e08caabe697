// The call and its legs, as data. A call owns its legs; whoever needs one asks the call store by id. Only the
// switch's own files include this.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/timers.hpp"
#include "call/facts.hpp"
#include "call/hearing.hpp"
#include "call/types.hpp"

namespace patchbay::call {

class Core;

/// Somebody who can be in a call: an extension of the domain, or an outside number behind a trunk.
struct Party {
    std::string number, display_name, operator_id, group, trunk;
    bool anonymous = false;  ///< asked that its number be withheld (RFC 3323)
};

/// Why a leg was rung. Once answered, a leg is a party like any other, or supervises.
enum class Purpose : std::uint8_t {
    party,       ///< called us, or is whom the caller asked for
    target,      ///< of a transfer
    recall,      ///< whoever transferred or parked somebody is rung back
    pickup,      ///< takes a ringing, answered or parked leg's place on answer
    supervisor,  ///< joins on answer
    originator,  ///< has a number rung once its own phone is answered
    offer,       ///< an agent offer: talks with the waiting leg on answer
};

struct Leg {
    LegId id;
    Call* call = nullptr;  ///< the call that owns it
    LegFactsPtr facts;
    LegState state = LegState::initiating;
    Role role = Role::talker;
    Purpose purpose = Purpose::party;
    bool called_us = false;  ///< it sent the INVITE: we answer it
    bool off_hook = false;   ///< an originator whose phone was answered: it waits like one who called us
    bool joined = false;     ///< by a Supervise, so its mode may change
    bool anonymous = false;
    bool held_by_command = false, held_by_phone = false;
    bool early_media = false;
    bool has_port = false;  ///< media has opened one
    bool served = false;    ///< it waited in the queue that its facts name
    bool refers = false;    ///< its phone sent REFER and waits to hear how that goes
    int redirections = 0;
    LegId supervises;  ///< for observers and consultants, and for legs rung to supervise
    LegId replaces;    ///< a pickup leg: whose place it takes; none: the ringing or parked call as such
    Time answered{};
    TimerId timer;  ///< rings no longer than this, or is parked no longer
    void (*on_timer)(Core&, Leg&) = nullptr;
    Uuid recording;  ///< under way; none: not recorded
    RecordingState recording_state = RecordingState::stopped;
    Uuid fax;                   ///< that it sends us; none: it sends none, or that is over
    std::optional<Cause> left;  ///< it hung up while its fax was not yet closed
    bool was_recorded = false;  ///< a setting does not begin it again
    std::vector<Source> hears;  ///< as media was last told

    bool is_answered() const { return answered != Time{}; }
    /// It wants somebody else to be rung, or wanted.
    bool is_caller() const { return called_us || off_hook; }
    bool is_held() const { return held_by_command || held_by_phone; }
    /// A ringing leg that is not yet part of the talk it was rung for.
    bool is_pending() const {
        return !is_answered() &&
               (purpose == Purpose::pickup || purpose == Purpose::supervisor || purpose == Purpose::offer);
    }
    /// Has music to wait for somebody who takes it: in a slot or a queue.
    bool is_put_aside() const { return state == LegState::parked || state == LegState::queued; }
    /// Talks, or holds.
    bool is_talking() const { return role == Role::talker && is_answered(); }
};

/// Where a transfer stands. The names of the parties are RFC 5589's.
enum class TransferState : std::uint8_t {
    calling,     ///< blind; the target is rung and does not ring yet, the transferor may still be there
    ringing,     ///< blind; the target rings, the transferor is gone
    recalling,   ///< it failed; the target is now the transferor's own number, rung anew
    asking,      ///< attended; the transferor waits for the target's answer
    consulting,  ///< attended; transferor and target talk
};

struct TransferProgress {
    TransferState state = TransferState::calling;
    LegId transferee;  ///< waits with music; none: it left an attended transfer, or it is a conference's
    LegId transferor;  ///< none: it is gone
    LegId target;
    std::string to;
    Party back;             ///< the transferor, to be rung anew
    bool reported = false;  ///< TransferEnded was told
    /// The transferor leaves a talk of more than two: the others, who talk on, get the target in its place.
    bool of_conference = false;
};

/// A call that waits in a slot.
struct Parking {
    int slot = 0;
    LegId leg;               ///< who waits
    LegId parker;            ///< the ended leg of the one who parked it
    Party back;              ///< the one who parked it
    bool timed_out = false;  ///< nobody took it in time: it ends when nobody is rung for it any more
};

/// A call whose one party waits in a queue.
struct Waiting {
    LegId leg;
    std::string queue;
    std::optional<Announcement> announcement;  ///< that is played just now
    std::uint32_t announcements = 0;           ///< how many there were
};

struct Call {
    CallRef ref;
    std::string domain;
    Sound music = Sound::music, ringback = Sound::ringback;  ///< the domain's, or a queue's
    bool recording_notice = false;  ///< who talks hears when that is recorded, as the domain wants it
    std::vector<std::unique_ptr<Leg>> legs;
    std::optional<TransferProgress> transfer;
    std::optional<Parking> parking;
    std::optional<Waiting> waiting;
    std::uint32_t last_sequence = 0;
    int max_forwards = 70;
    bool ended = false;

    Leg* leg(LegId id) const {
        const auto found = std::ranges::find(legs, id, [](const auto& leg) { return leg->id; });
        return id && found != legs.end() ? found->get() : nullptr;
    }
    /// The one who called, or has somebody rung, and is not answered yet.
    Leg* waiting_caller() const {
        const auto found =
            std::ranges::find_if(legs, [](const auto& l) { return l->is_caller() && !l->is_answered(); });
        return found != legs.end() ? found->get() : nullptr;
    }
    bool is_transferee(const Leg& leg) const { return transfer && transfer->transferee == leg.id; }
    /// Is the leg one of the two who talk, or will, aside from the others of a conference?
    bool is_aside(const Leg& leg) const {
        if (!transfer || !transfer->of_conference) return false;
        const bool asks =
            transfer->state == TransferState::asking || transfer->state == TransferState::consulting;
        return asks && (leg.id == transfer->transferor || leg.id == transfer->target);
    }
    bool is_waiting(const Leg& leg) const { return waiting && waiting->leg == leg.id; }
    int talkers() const {
        return static_cast<int>(std::ranges::count_if(legs, [](const auto& l) { return l->is_talking(); }));
    }
};

/// The one leg that this one talks with, or is about to; nothing while it is alone or with more than one.
Leg* other_of(const Call& call, const Leg& leg);

/// Who the party of a leg is.
Party party_of(const Leg& leg);

}  // namespace patchbay::call
