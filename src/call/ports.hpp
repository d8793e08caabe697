// The two small doors through which the switch has its decisions carried out: signalling and media. sip/ and
// media/ implement them for real, the simulation in tests. Everything here is called on the switch thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/uuid.hpp"
#include "call/facts.hpp"
#include "call/hearing.hpp"
#include "call/quality.hpp"
#include "call/types.hpp"

namespace patchbay::call {

/// Who calls, as the called party is to see it (RFC 3323, 3325).
struct Identity {
    std::string number;
    std::string display_name;
    bool anonymous = false;
};

/// Whom to ring for a new leg. With an empty `trunk` all bindings of extension `number` ring in parallel.
struct Dial {
    std::string domain;
    std::string number;
    std::string trunk;
    Identity from;
    LegId like;             ///< offer the codecs this leg uses or can use first; none: our own order
    int max_forwards = 70;  ///< RFC 3261, section 20.22
    /// The phone is asked to answer at once, without its party (RFC 5373): one that cannot rings.
    bool answers_itself = false;
};

/// A call that came in.
struct Incoming {
    std::string domain;
    std::string trunk;  ///< the trunk it came over; empty: from an extension that proved itself
    Identity from;      ///< for an extension, `number` is the proven one
    std::string to;     ///< what was dialled: the user part of the Request-URI
    LegId replaces;     ///< the leg whose place it takes (RFC 3891); none: an ordinary call
    int max_forwards = 70;
};

/// What dialling a feature code does; the desk implements it.
class Features {
  public:
    virtual ~Features() = default;
    /// An extension dialled a code. True when that is done, or will be at once; false: refused.
    virtual bool dialled(const std::string& domain, const std::string& number, const std::string& code) = 0;
};

/// SIP, as the switch uses it. Answers come back through SwitchFacts, never from within the call itself.
class Signalling {
  public:
    virtual ~Signalling() = default;

    /// Rings a new leg. Then: ringing()*, and one of answered(), redirected(), ended().
    virtual void ring(LegId leg, const Dial& dial) = 0;
    /// Tells a leg that called us that the other party rings: 180, or 183 with our SDP when `early_media`.
    virtual void progress(LegId leg, bool early_media, LegId like) = 0;
    /// Answers a leg that called us with 200, choosing `like`'s codec where it offered that.
    virtual void answer(LegId leg, LegId like) = 0;
    /// Brings a connected leg to the codec `like` uses, by a queued re-INVITE, when it can and does not
    /// already; and asks a phone that holds to come back (offer sendrecv) when `retrieve`. hold_changed()
    /// tells what became of it.
    virtual void renegotiate(LegId leg, LegId like, bool retrieve) = 0;
    /// Tells a phone that sent REFER how its transfer goes (sipfrag NOTIFY, RFC 3515, section 2.4.5).
    virtual void refer_progress(LegId leg, int sip_status) = 0;
    /// Asks a phone that rings to answer without its party (the Talk event). False when no phone that rings
    /// for the leg can; else answered() tells when one has.
    virtual bool pick_up(LegId leg) = 0;
    /// Sends on a digit that another leg's party pressed, by INFO when the leg takes it so; else media does.
    virtual void send_dtmf(LegId leg, char digit) = 0;
    /// The leg is about to be answered to receive a fax. With `t38` it takes T.38 from now on, and is asked
    /// for it once it is connected.
    virtual void expect_fax(LegId /*leg*/, bool /*t38*/) {}
    /// Rejects, cancels or hangs up, whatever the leg's state asks for. The leg's id is stale at once; sip/
    /// finishes the dialog by itself. ended() is not called for it. A caller that was not answered is refused
    /// with `cause.sip`, or with 480 when that is 0 or no error status.
    virtual void end(LegId leg, const Cause& cause) = 0;
    /// False when nothing is registered there just now: ringing it could only fail.
    virtual bool reachable(const std::string& domain, const std::string& number) = 0;
};

/// What is to be known of a recording beside its sound.
struct RecordingOrder {
    LegFactsPtr facts;
    CallRef call;
    Time started{};
};

/// A fax to be received.
struct FaxOrder {
    LegFactsPtr facts;
    CallRef call;
    Time started{};
    std::string station;  ///< what the sender is told of us
};

/// Media ports, as the switch uses them. A leg has a port from open() to close().
class Media {
  public:
    virtual ~Media() = default;
    /// False when no port is left.
    virtual bool open(LegId leg) = 0;
    /// From now on these legs hear exactly this. Legs that are not named keep what they hear.
    virtual void hear(const Hearing& rows) = 0;
    virtual void close(LegId leg) = 0;
    /// What the leg's audio was like so far; null when it never had any.
    virtual QualityPtr quality(LegId /*leg*/) { return nullptr; }
    /// Records the leg until change_recording() says `stopped`, or close(). None when that cannot be begun.
    virtual Uuid record(LegId /*leg*/, const RecordingOrder& /*order*/) { return {}; }
    virtual void change_recording(LegId /*leg*/, RecordingState /*state*/) {}
    /// From now on the leg is a fax machine's: it hears nobody and nobody hears it. fax_ended() tells when it
    /// is done. The fax's id; none when that cannot be begun.
    virtual Uuid receive_fax(LegId /*leg*/, const FaxOrder& /*order*/) { return {}; }
    /// The sender is gone: fax_ended() tells what came of it.
    virtual void end_fax(LegId /*leg*/) {}
};

/// What SIP and media tell the switch. Ids that are stale are ignored.
class SwitchFacts {
  public:
    virtual ~SwitchFacts() = default;
    /// An id for a leg that is about to be announced by incoming().
    virtual LegId new_leg() = 0;
    virtual void incoming(LegId leg, const Incoming& call) = 0;
    virtual void ringing(LegId leg, bool early_media) = 0;
    virtual void answered(LegId leg) = 0;
    /// The phone sent the caller elsewhere (302, RFC 3261 section 21.3.3). As final as ended(): the leg's id
    /// is stale after it, and a new leg is rung for the new number.
    virtual void redirected(LegId leg, const std::string& to) = 0;
    /// Refused, cancelled, hung up, timed out or lost.
    virtual void ended(LegId leg, const Cause& cause) = 0;
    /// The phone holds (its offer was sendonly or inactive) or came back.
    virtual void hold_changed(LegId leg, bool held) = 0;
    /// REFER (RFC 3515): transfer to a number, or, with `replaces`, to the other party of that leg (RFC 5589,
    /// section 7). True when accepted: refer_progress() will be called until it is done. With `replaces` it
    /// may be done at once: refer_progress() and end() then come before this returns.
    virtual bool refer(LegId leg, const std::string& to, LegId replaces) = 0;
    /// The leg's party pressed a digit. Media carries it to those who hear the leg and take it in RTP; the
    /// others are sent it by signalling.
    virtual void dtmf(LegId leg, char digit) = 0;
    /// The leg's recording could not be written on and has ended. `reason`: static storage.
    virtual void recording_failed(LegId /*leg*/, Uuid /*recording*/, std::string_view /*reason*/) {}
    /// The leg's fax is done. `reason`: static storage; empty when all of it came.
    virtual void fax_ended(LegId /*leg*/, int /*pages*/, std::string_view /*reason*/) {}
    /// The announcement with that id has been played to the leg to its end.
    virtual void announcement_ended(LegId /*leg*/, std::uint32_t /*announcement*/) {}
    /// No RTP came for the configured time.
    virtual void media_lost(LegId leg) = 0;
};

}  // namespace patchbay::call
