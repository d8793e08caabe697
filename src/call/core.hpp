// What every part of the switch stands on: the store, the tools, and the few verbs that change a leg and tell
// of it. The parts themselves (setup, transfer, supervise, park, pickup, hold) are functions over a Core.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/ids.hpp"
#include "call/call_store.hpp"
#include "call/command.hpp"
#include "call/directory.hpp"
#include "call/event.hpp"
#include "call/meters.hpp"
#include "call/routing.hpp"
#include "call/switch.hpp"

namespace patchbay::call {

/// A leg to be rung.
struct RingOrder {
    Party party;            ///< who is rung; a trunk party's number is what the trunk is to dial
    std::string caller_id;  ///< number to show; empty: that of `with`
    std::string called_number;
    Purpose purpose = Purpose::party;
    Role role = Role::talker;
    LegId supervises, replaces;
    bool joined = false;   ///< by a Supervise
    std::string queue_id;  ///< the queue it is rung for; empty: none
    int redirections = 0;
    Seconds timeout{60};
};

/// Somebody who can be rung just now.
struct Destination {
    Party party;
    std::string caller_id;
};

/// Does SIP have to be told that a leg ends, or did it tell us?
enum class Tell : std::uint8_t { sip, nobody };

/// Not thread-safe. Legs and calls that ended stay valid until the turn ends.
class Core {
  public:
    Core(config::ConfigPtr config, SwitchTools tools);

    SwitchTools tools;
    Directory directory;
    CallStore store;
    IdSource ids;
    Meters meters;
    bool draining = false;

    Call& new_call(std::string domain);
    /// False when media has no port left for it.
    bool open_port(Leg& leg);
    /// Puts a new leg into the call, tells of it, and counts it.
    Leg& add_leg(Call& call, std::unique_ptr<Leg> leg);
    /// Rings a new leg that is to talk with `with`. Nothing when no media port is left.
    Leg* ring(Call& call, const Leg& with, const RingOrder& order);
    /// Rings a leg that is to talk with nobody yet: the first of its call. Its port is open.
    Leg& ring_first(Call& call, std::unique_ptr<Leg> leg, const Identity& shown, Seconds timeout);

    void emit(Call& call, const Leg& leg, EventBody body);
    /// Connects a leg, whether it was rung or called us; does not tell SIP.
    void connect(Leg& leg);
    /// Changes what the leg's state says from its hold and parking, telling nobody.
    static void settle_state(Leg& leg);
    /// Ends one leg; the call is left as it is.
    void end_leg(Leg& leg, const Cause& cause, Tell tell);
    /// Ends all legs that are left (with the cause as passed on to them), and the call.
    void end_call(Call& call, const Cause& cause);
    /// Do the leg's facts name `remote` as its other party?
    static bool is_remote(const Leg& leg, const Leg& remote);
    void change_remote(Leg& leg, const Leg& remote);
    /// Tells media who hears whom now, where that changed.
    void hear(Call& call);

    void start_timer(Leg& leg, Seconds delay, void (*action)(Core&, Leg&));
    void stop_timer(Leg& leg);

    const config::Config& config() const { return directory.config(); }

  private:
    void signal_ring(const Call& call, const Leg& leg, const Leg& with, const RingOrder& order);
};

/// Ends the turn of whoever holds it: frees what ended meanwhile.
class Turn {
  public:
    explicit Turn(Core& core) : core_(core) {}
    ~Turn() { core_.store.sweep(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

  private:
    Core& core_;
};

/// Writes the other party, as it may be seen, into facts.
void set_remote(LegFacts& facts, const Party& remote);

/// The error of a refused command.
Error refuse(std::string_view code, std::string text);

/// What can be had under a number now: a destination to ring, the leg parked there, a queue to wait in, or
/// why nothing.
using Found = std::variant<Destination, Leg*, ToQueue, Error>;
Found find_destination(const Core& core, std::string_view domain, std::string_view number, bool may_call_out);

/// Is somebody with that number in the call?
bool has_number(const Call& call, std::string_view number);
/// Nothing when `number` can be rung to join the call; else why not.
Result<Destination> destination_to_join(const Core& core, const Call& call, const std::string& number,
                                        bool may_call_out);

/// A leg leaves its call: the parts are told, and what cannot go on without it ends.
void leave(Core& core, Leg& leg, const Cause& cause, Tell tell);

/// After any change of who is in the call: ends supervisors of nobody and calls of nobody, settles who is
/// whose other party and who is recorded, and tells media. `cause` is the change's.
void settle(Core& core, Call& call, const Cause& cause);

}  // namespace patchbay::call
