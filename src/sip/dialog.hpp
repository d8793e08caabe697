// One SIP dialog of a leg, early or confirmed: Sofia's dialog object, the offer/answer state that belongs to
// it, and what its peer can do. For .cpp files of this room alone.
#pragma once

#include <cstdint>
#include <string>

#include "call/types.hpp"
#include "sip/location.hpp"
#include "sip/offer_answer.hpp"
#include "sip/session_timer.hpp"
#include "sip/sofia.hpp"

namespace patchbay::sip {

class Leg;
struct Core;

/// What the peer said it can do, in Allow and Supported.
struct Abilities {
    bool update = false;    ///< RFC 3311
    bool info = false;      ///< RFC 6086
    bool timer = false;     ///< RFC 4028
    bool reliable = false;  ///< RFC 3262
    bool talk = false;      ///< answers by itself at a NOTIFY of the event `talk` (Allow-Events)
};

class Dialog {
  public:
    /// The dialog of an INVITE that came in: tagged, routed, ready for its server transaction.
    Dialog(Leg& leg, OfferAnswer exchange, const sip_t& invite, Flow flow);
    /// The dialog an INVITE of ours is to make; tags of the other side come with its responses.
    /// `call_id`, `from`, `to`: header values; `next_hop`: URI the first request goes to, empty: its target.
    Dialog(Leg& leg, OfferAnswer exchange, const std::string& call_id, const std::string& from,
           const std::string& to, std::string next_hop);
    /// Another dialog of the same INVITE, which forked: as the response to it says.
    Dialog(const Dialog& first, const sip_t& response);
    ~Dialog();
    Dialog(const Dialog&) = delete;
    Dialog& operator=(const Dialog&) = delete;

    Leg& leg() const { return leg_; }
    nta_leg_t* nta() const { return nta_; }
    std::string_view local_tag() const;
    std::string_view remote_tag() const;
    /// Makes this the dialog of that response: its tag, route set, target.
    void adopt(const sip_t& response);
    /// The remote target and abilities as a request or a 2xx within the dialog renews them.
    void refresh(const sip_t& message, const Flow* flow);
    /// Where requests go when there is no route set; empty: to the remote target.
    const std::string& next_hop() const { return next_hop_; }

    /// ACK of a 2xx to our INVITE of that CSeq. The INVITE's transaction is to be let go of with it: a
    /// repeated 2xx then comes as a stray one and is acknowledged again (stray.hpp).
    void acknowledge(std::uint32_t cseq);
    /// BYE whose answer nobody waits for.
    void hang_up(const call::Cause& cause);

    /// The dialog of ours that a Replaces header names (RFC 3891); none when there is none.
    static Dialog* find(nta_agent_t* agent, const sip_replaces_t* replaces);
    /// The dialog of ours that a response to our INVITE belongs to; none when there is none.
    static Dialog* find(nta_agent_t* agent, const sip_t& response);

    /// Our Contact's value in this dialog.
    std::string contact;
    OfferAnswer exchange;
    Abilities can;
    std::uint32_t invite_cseq = 0;  ///< of our INVITE; its ACK repeats it
    std::uint32_t rseq = 0;         ///< the last reliable response taken (RFC 3262)
    bool ours = false;              ///< we made the Call-ID

  private:
    void choose_hop(const sip_t& message, const Flow& flow);

    Leg& leg_;
    nta_leg_t* nta_ = nullptr;
    std::string next_hop_;
    Flow flow_;
    bool fixed_hop_ = false;  ///< a trunk's or flow's own: never changed by what the peer says
};

/// What the message says of the session timer.
SessionWish session_wish(const sip_t& message);

}  // namespace patchbay::sip
