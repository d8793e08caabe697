#include "sip/request_checks.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace patchbay::sip {

namespace {

constexpr std::array known{"100rel", "timer", "replaces", "norefersub"};

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

}  // namespace

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
