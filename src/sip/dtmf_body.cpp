#include "sip/dtmf_body.hpp"

#include <cctype>

#include "base/text.hpp"

namespace patchbay::sip {

namespace {

char digit_of(std::string_view text) {
    text = trim(text);
    if (text.size() == 2 && text == "10") return '*';
    if (text.size() == 2 && text == "11") return '#';
    if (text.size() != 1) return '\0';
    const auto c = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    const bool known = (c >= '0' && c <= '9') || c == '*' || c == '#' || (c >= 'A' && c <= 'D');
    return known ? c : '\0';
}

}  // namespace

std::optional<char> digit_in(std::string_view content_type, std::string_view body) {
    if (iequals(content_type, "application/dtmf")) return digit_of(body);
    if (!iequals(content_type, "application/dtmf-relay")) return {};
    for (const auto line : split(body, '\n')) {
        const auto equals = line.find('=');
        if (equals == std::string_view::npos || !iequals(trim(line.substr(0, equals)), "Signal")) continue;
        return digit_of(line.substr(equals + 1));
    }
    return '\0';
}

std::string dtmf_relay(char digit) {
    return std::string("Signal=") + digit + "\r\nDuration=160\r\n";
}

}  // namespace patchbay::sip
