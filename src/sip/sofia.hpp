// Sofia's headers with our types behind its callbacks. For .cpp files of this room alone.
#pragma once

struct su_root_s;

namespace patchbay::sip {
struct AgentHooks;
class Dialog;
class OutgoingHook;
class IncomingHook;
}  // namespace patchbay::sip

// How Sofia wants to be told the types of what it hands back.
#define NTA_AGENT_MAGIC_T patchbay::sip::AgentHooks
#define NTA_LEG_MAGIC_T patchbay::sip::Dialog
#define NTA_OUTGOING_MAGIC_T patchbay::sip::OutgoingHook
#define NTA_INCOMING_MAGIC_T patchbay::sip::IncomingHook
#define NTA_RELIABLE_MAGIC_T patchbay::sip::IncomingHook

#include <string>
#include <string_view>

#include <sofia-sip/nta.h>
#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip_extra.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>

#undef sip_status  // a macro of theirs, a function of ours

namespace patchbay::sip {

/// Hears the responses to one request of ours. `message` is none when the answer was made up here (408, 503).
class OutgoingHook {
  public:
    virtual void on_response(nta_outgoing_t* transaction, const sip_t* message) = 0;

  protected:
    ~OutgoingHook() = default;
};

/// Hears what becomes of a request we answer: ACK, CANCEL, or nothing until the timer ran out.
class IncomingHook {
  public:
    virtual void on_ack(nta_incoming_t* transaction, const sip_t& ack) = 0;
    virtual void on_cancel(nta_incoming_t* transaction, const sip_t& cancel) = 0;
    virtual void on_timeout(nta_incoming_t* transaction) = 0;
    /// PRACK of a reliable provisional response; returns the status that answers it, 0 when it was answered.
    virtual int on_prack(nta_incoming_t* prack, const sip_t& message) = 0;

  protected:
    ~IncomingHook() = default;
};

/// The C functions Sofia calls, which pass on to the hooks.
int deliver_response(OutgoingHook* hook, nta_outgoing_t* transaction, sip_t const* message);
int deliver_ack_cancel(IncomingHook* hook, nta_incoming_t* transaction, sip_t const* message);
int deliver_prack(IncomingHook* hook, nta_reliable_t* reliable, nta_incoming_t* prack, sip_t const* message);

/// Sofia's text, where a null pointer is empty.
inline std::string_view view(const char* text) {
    return text == nullptr ? std::string_view{} : text;
}

/// A URI as text; empty for none.
std::string text_of(const url_t* url);
/// The number in a URI: its user part (for tel: all of it) without escapes and parameters.
std::string number_of(const url_t& uri);
/// The body of a message; empty when it has none.
std::string_view body_of(const sip_t& message);
/// The SDP of a message: its body, or the part of a multipart body that is SDP; empty when there is none. A
/// body without a type counts as SDP.
std::string_view sdp_of(const sip_t& message);
/// "type/subtype" of the body; empty when not said.
std::string_view content_type_of(const sip_t& message);
/// True when a list header (Supported, Require, Allow, …) holds the word, in any case.
bool lists(const msg_list_t* header, std::string_view word);
bool lists(const sip_allow_t* header, std::string_view word);

}  // namespace patchbay::sip
