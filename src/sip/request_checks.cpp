#include "sip/request_checks.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace patchbay::sip {

namespace {

constexpr std::array known{"100rel", "timer", "replaces", "norefersub"};
constexpr std::array routing{"Max-Forwards", "Route", "Record-Route"};
constexpr unsigned long most_forwards = 255;

std::string unsupported_of(const sip_t& message) {
    std::string unsupported;
    for (const msg_list_t* require = message.sip_require; require != nullptr; require = require->k_next) {
        if (require->k_items == nullptr) continue;
        for (auto item = require->k_items; *item != nullptr; ++item) {
            const std::string_view tag = *item;
            if (std::ranges::any_of(known, [&](const char* each) { return iequals(each, tag); })) continue;
            if (!unsupported.empty()) unsupported += ", ";
            unsupported += tag;
        }
    }
    return unsupported;
}

/// Does every entry name a host to send to? Sofia takes nearly every word for a URI.
bool leads_anywhere(const sip_route_t* entry) {
    for (; entry != nullptr; entry = entry->r_next) {
        const auto& url = *entry->r_url;
        if ((url.url_type != url_sip && url.url_type != url_sips) || view(url.url_host).empty()) return false;
    }
    return true;
}

}  // namespace

std::optional<Problem> routing_problem_of(const sip_t& message) {
    for (const msg_error_t* broken = message.sip_error; broken != nullptr; broken = broken->er_next) {
        const auto name = view(broken->er_name);
        if (std::ranges::any_of(routing, [&](const char* each) { return iequals(each, name); })) {
            return Problem{400, "header", {}};
        }
    }
    if (!leads_anywhere(message.sip_route) || !leads_anywhere(message.sip_record_route)) {
        return Problem{400, "header", {}};
    }
    const auto* left = message.sip_max_forwards;
    if (left == nullptr) return {};
    if (left->mf_count > most_forwards) return Problem{400, "header", {}};
    if (left->mf_count == 0) return Problem{483, "max_forwards", {}};
    return {};
}

std::optional<Problem> problem_of(const sip_t& message) {
    if (auto tags = unsupported_of(message); !tags.empty()) {
        return Problem{420, "extension", Header{"Unsupported", std::move(tags)}};
    }
    const auto* contact = message.sip_contact;
    if (contact == nullptr || contact->m_url->url_host == nullptr || contact->m_next != nullptr ||
        (contact->m_url->url_type != url_sip && contact->m_url->url_type != url_sips)) {
        return Problem{400, "contact", {}};
    }
    if (!body_of(message).empty() && (content_type_of(message).empty() || sdp_of(message).empty())) {
        return Problem{415, "body_type", Header{"Accept", "application/sdp"}};
    }
    if (message.sip_content_encoding != nullptr) {
        return Problem{415, "body_encoding", Header{"Accept-Encoding", "identity"}};
    }
    return {};
}

}  // namespace patchbay::sip
