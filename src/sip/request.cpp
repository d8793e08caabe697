#include <sofia-sip/msg_header.h>

#include "base/text.hpp"
#include "sip/agent.hpp"
#include "sip/message.hpp"
#include "sip/sofia.hpp"

namespace patchbay::sip {

Request::~Request() {
    if (nta_incoming_status(transaction_) < 200) reply(500, "Internal Server Error");
    nta_incoming_destroy(transaction_);
}

std::string_view Request::method() const {
    return view(message_.sip_request->rq_method_name);
}
std::string Request::uri() const {
    return text_of(message_.sip_request->rq_url);
}
std::string Request::from_uri() const {
    return text_of(message_.sip_from->a_url);
}
std::string Request::to_uri() const {
    return text_of(message_.sip_to->a_url);
}
std::string_view Request::uri_host() const {
    return view(message_.sip_request->rq_url->url_host);
}
std::string_view Request::to_user() const {
    return view(message_.sip_to->a_url->url_user);
}
std::string_view Request::to_host() const {
    return view(message_.sip_to->a_url->url_host);
}
std::string_view Request::call_id() const {
    return view(message_.sip_call_id->i_id);
}
std::uint32_t Request::cseq() const {
    return message_.sip_cseq->cs_seq;
}

void Request::reply(int status, std::string_view reason, std::span<const Header> headers) {
    auto* response = nta_incoming_create_response(transaction_, 0, nullptr);
    if (response == nullptr) return;
    for (const auto& header : headers) add_header(response, header);
    const std::string phrase{reason};
    if (nta_incoming_complete_response(transaction_, response, status, phrase.c_str(), TAG_END()) < 0) {
        nta_msg_discard(nullptr, response);
        return;
    }
    nta_incoming_mreply(transaction_, response);
}

}  // namespace patchbay::sip
