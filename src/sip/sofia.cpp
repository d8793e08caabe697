#include "sip/sofia.hpp"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/url.h>

#include "base/text.hpp"
#include "sip/multipart.hpp"

namespace patchbay::sip {

int deliver_response(OutgoingHook* hook, nta_outgoing_t* transaction, sip_t const* message) {
    hook->on_response(transaction, message);
    return 0;
}

int deliver_ack_cancel(IncomingHook* hook, nta_incoming_t* transaction, sip_t const* message) {
    if (message == nullptr || message->sip_request == nullptr) {
        hook->on_timeout(transaction);
    } else if (message->sip_request->rq_method == sip_method_cancel) {
        hook->on_cancel(transaction, *message);
    } else {
        hook->on_ack(transaction, *message);
    }
    return 0;
}

int deliver_prack(IncomingHook* hook, nta_reliable_t* reliable, nta_incoming_t* prack, sip_t const* message) {
    int status = 200;
    if (prack != nullptr && message != nullptr) status = hook->on_prack(prack, *message);
    nta_reliable_destroy(reliable);
    return status;
}

std::string text_of(const url_t* url) {
    if (url == nullptr) return {};
    char small[256];
    const auto needed = url_e(small, sizeof small, url);
    if (needed < 0) return {};
    if (static_cast<std::size_t>(needed) < sizeof small) return {small, static_cast<std::size_t>(needed)};
    std::string text(static_cast<std::size_t>(needed) + 1, '\0');
    url_e(text.data(), static_cast<isize_t>(text.size()), url);
    text.pop_back();
    return text;
}

std::string_view body_of(const sip_t& message) {
    const auto* payload = message.sip_payload;
    if (payload == nullptr || payload->pl_data == nullptr) return {};
    return {payload->pl_data, payload->pl_len};
}

std::string_view sdp_of(const sip_t& message) {
    constexpr std::string_view several = "multipart/";
    const auto body = body_of(message);
    const auto type = content_type_of(message);
    if (type.empty() || iequals(type, "application/sdp")) return body;
    if (!iequals(type.substr(0, several.size()), several)) return {};
    auto boundary = view(msg_params_find(message.sip_content_type->c_params, "boundary="));
    if (boundary.size() > 1 && boundary.front() == '"') boundary = boundary.substr(1, boundary.size() - 2);
    return part_of(body, boundary, "application/sdp").value_or(std::string_view{});
}

std::string_view content_type_of(const sip_t& message) {
    return message.sip_content_type == nullptr ? std::string_view{} : view(message.sip_content_type->c_type);
}

namespace {

bool holds(const msg_param_t* items, std::string_view word) {
    if (items == nullptr) return false;
    for (; *items != nullptr; ++items) {
        if (iequals(*items, word)) return true;
    }
    return false;
}

}  // namespace

bool lists(const msg_list_t* header, std::string_view word) {
    for (; header != nullptr; header = header->k_next) {
        if (holds(header->k_items, word)) return true;
    }
    return false;
}

bool lists(const sip_allow_t* header, std::string_view word) {
    for (; header != nullptr; header = reinterpret_cast<const sip_allow_t*>(header->k_next)) {
        if (holds(header->k_items, word)) return true;
    }
    return false;
}

}  // namespace patchbay::sip
