#include "sip/identity.hpp"

#include <sofia-sip/url.h>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "sip/address.hpp"
#include "sip/agent.hpp"
#include "sip/sofia.hpp"

namespace patchbay::sip {

namespace {

constexpr std::string_view anonymous_host = "anonymous.invalid";

std::string unquoted(std::string_view display) {
    display = trim(display);
    if (display.size() < 2 || display.front() != '"' || display.back() != '"') return std::string{display};
    std::string text;
    for (std::size_t i = 1; i + 1 < display.size(); ++i) {
        if (display[i] == '\\' && i + 2 < display.size()) ++i;
        text += display[i];
    }
    return text;
}

bool wants_privacy(const sip_t& message) {
    if (iequals(view(message.sip_from->a_url->url_host), anonymous_host)) return true;
    for (const auto& value : values(message, "Privacy")) {
        for (const auto word : split(value, ';')) {
            const auto token = trim(word);
            if (iequals(token, "id") || iequals(token, "user") || iequals(token, "header")) return true;
        }
    }
    return false;
}

/// P-Asserted-Identity's first value that is a SIP or tel URI.
bool read_asserted(const sip_t& message, call::Identity& caller) {
    for (const auto& text : values(message, "P-Asserted-Identity")) {
        su_home_t home[1] = {SU_HOME_INIT(home)};
        const auto* address = sip_from_make(home, text.c_str());
        const bool good = address != nullptr && !view(address->a_url->url_user).empty();
        if (good) {
            caller.number = number_of(*address->a_url);
            caller.display_name = as_line(unquoted(view(address->a_display)));
        }
        su_home_deinit(home);
        if (good) return true;
    }
    return false;
}

}  // namespace

std::string number_of(const url_t& uri) {
    const auto user = view(uri.url_user);
    std::string number(user.substr(0, user.find(';')));
    number.resize(url_unescape_to(number.data(), number.data(), number.size()));
    // Only there for the eye (RFC 3966, section 5.1.1).
    if (uri.url_type == url_tel)
        std::erase_if(number,
                      [](char c) { return std::string_view("-.()").find(c) != std::string_view::npos; });
    return as_line(std::move(number));
}

call::Identity caller_of(const sip_s& message, bool trusted) {
    call::Identity caller;
    caller.anonymous = wants_privacy(message);
    if (trusted && read_asserted(message, caller)) return caller;
    caller.number = number_of(*message.sip_from->a_url);
    caller.display_name = as_line(unquoted(view(message.sip_from->a_display)));
    return caller;
}

bool is_asserted_broken(const sip_s& message) {
    call::Identity nobody;
    return !values(message, "P-Asserted-Identity").empty() && !read_asserted(message, nobody);
}

IdentityHeaders identity_headers(const call::Identity& caller, std::string_view host, bool trusted) {
    IdentityHeaders headers;
    std::string shown = quoted(caller.display_name);
    if (!shown.empty()) shown += ' ';
    shown += "<sip:";
    append_escaped_user(shown, caller.number);
    shown += '@';
    shown += host;
    shown += '>';
    if (trusted) headers.asserted = shown;
    if (!caller.anonymous) {
        headers.from = std::move(shown);
        return headers;
    }
    headers.from = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
    if (trusted) headers.privacy = "id";
    return headers;
}

}  // namespace patchbay::sip
