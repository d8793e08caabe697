// Builds one message in Sofia's own memory: headers by class, from text or copies, then a body. For .cpp
// files of this room alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sip/sofia.hpp"

namespace patchbay::sip {

class Builder {
  public:
    explicit Builder(nta_agent_t* agent)
        : agent_(agent), message_(nta_msg_create(agent, 0)), sip_(sip_object(message_)) {}
    ~Builder();
    Builder(const Builder&) = delete;
    Builder& operator=(const Builder&) = delete;

    /// A header from its value's text; nothing for an empty one.
    Builder& header(msg_hclass_t* kind, const std::string& value);
    /// A header Sofia has no class for.
    Builder& header(std::string_view name, const std::string& value);
    /// A header made in home(), as part of the message; nothing for none.
    template <typename HeaderType>
    Builder& add(HeaderType* header) {
        if (header != nullptr) insert(reinterpret_cast<msg_header_t*>(header));
        return *this;
    }
    /// A header that outlives all messages (CommonHeaders): its parts and its text are used as they are.
    template <typename HeaderType>
    Builder& share(const HeaderType* header) {
        insert_shared(reinterpret_cast<const msg_header_t*>(header));
        return *this;
    }
    /// Content-Type and the body; nothing for an empty one.
    Builder& body(const char* type, std::string_view text);

    /// Sends it as a request in that dialog. `next_hop`: URI to send to where the dialog has no route set;
    /// empty: as its target says. None when it cannot be sent.
    nta_outgoing_t* send(nta_leg_t* dialog, sip_method_t method, const char* name, OutgoingHook* hook,
                         const std::string& next_hop);
    /// Sends it as the ACK of a 2xx to our INVITE of that CSeq: once, without a transaction (RFC 3261,
    /// section 13.2.2.4).
    void acknowledge(nta_leg_t* dialog, std::uint32_t cseq, const std::string& next_hop);
    /// Answers the request with it. False when it cannot be sent.
    bool reply(nta_incoming_t* request, int status, const char* phrase = nullptr);
    /// Answers an INVITE reliably (RFC 3262). False when the caller does not take that.
    bool reply_reliably(nta_incoming_t* request, IncomingHook* hook, int status,
                        const char* phrase = nullptr);

    sip_t& sip() { return *sip_; }
    su_home_t* home() { return msg_home(message_); }

  private:
    void insert(msg_header_t* header);
    void insert_shared(const msg_header_t* header);
    nta_outgoing_t* dispatch(nta_leg_t* dialog, OutgoingHook* hook, const std::string& next_hop,
                             bool stateless);
    msg_t* release();

    nta_agent_t* agent_;
    msg_t* message_;
    sip_t* sip_;
};

}  // namespace patchbay::sip
