#include "sip/builder.hpp"

#include <cstring>
#include <utility>

#include <sofia-sip/msg_header.h>

#include "sip/message.hpp"

namespace patchbay::sip {

Builder::~Builder() {
    if (message_ != nullptr) nta_msg_discard(agent_, message_);
}

Builder& Builder::header(msg_hclass_t* kind, const std::string& value) {
    if (!value.empty()) sip_add_make(message_, sip_, kind, value.c_str());
    return *this;
}

Builder& Builder::header(std::string_view name, const std::string& value) {
    if (!value.empty()) add_header(message_, {name, value});
    return *this;
}

void Builder::insert(msg_header_t* header) {
    msg_header_insert(message_, nullptr, header);
}

void Builder::insert_shared(const msg_header_t* header) {
    auto* kind = header->sh_class;
    auto* own = msg_header_alloc(home(), kind, 0);
    if (own == nullptr) return;
    std::memcpy(own, header, kind->hc_size);
    own->sh_succ = nullptr;
    own->sh_prev = nullptr;
    own->sh_next = nullptr;
    insert(own);
}

Builder& Builder::body(const char* type, std::string_view text) {
    if (text.empty()) return *this;
    header(sip_content_type_class, type);
    auto* payload = sip_payload_create(home(), text.data(), static_cast<isize_t>(text.size()));
    msg_header_insert(message_, nullptr, reinterpret_cast<msg_header_t*>(payload));
    return *this;
}

nta_outgoing_t* Builder::send(nta_leg_t* dialog, sip_method_t method, const char* name, OutgoingHook* hook,
                              const std::string& next_hop) {
    if (nta_msg_request_complete(message_, dialog, method, name, nullptr) < 0) return nullptr;
    return dispatch(dialog, hook, next_hop, false);
}

void Builder::acknowledge(nta_leg_t* dialog, std::uint32_t cseq, const std::string& next_hop) {
    add(sip_cseq_create(home(), cseq, SIP_METHOD_ACK));
    if (nta_msg_request_complete(message_, dialog, SIP_METHOD_ACK, nullptr) < 0) return;
    dispatch(dialog, nullptr, next_hop, true);
}

nta_outgoing_t* Builder::dispatch(nta_leg_t* dialog, OutgoingHook* hook, const std::string& next_hop,
                                  bool stateless) {
    const sip_route_t* routes = nullptr;
    nta_leg_get_route(dialog, &routes, nullptr);
    const bool straight = routes == nullptr && !next_hop.empty();
    const auto* hop = straight ? reinterpret_cast<const url_string_t*>(next_hop.c_str()) : nullptr;
    auto* transaction = nta_outgoing_mcreate(agent_, hook == nullptr ? nullptr : deliver_response, hook, hop,
                                             message_, TAG_IF(stateless, NTATAG_STATELESS(1)), TAG_END());
    if (transaction != nullptr) release();
    return transaction;
}

bool Builder::reply(nta_incoming_t* request, int status, const char* phrase) {
    if (nta_incoming_complete_response(request, message_, status, phrase, TAG_END()) < 0) return false;
    return nta_incoming_mreply(request, release()) >= 0;
}

bool Builder::reply_reliably(nta_incoming_t* request, IncomingHook* hook, int status, const char* phrase) {
    if (nta_incoming_complete_response(request, message_, status, phrase, TAG_END()) < 0) return false;
    return nta_reliable_mreply(request, deliver_prack, hook, release()) != nullptr;
}

msg_t* Builder::release() {
    return std::exchange(message_, nullptr);
}

}  // namespace patchbay::sip
