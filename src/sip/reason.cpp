#include "sip/reason.hpp"

#include <fmt/core.h>

#include "base/text.hpp"
#include "sip/agent.hpp"
#include "sip/sofia.hpp"

namespace patchbay::sip {

namespace {

/// One value: `Q.850;cause=16;text="…"`.
void read_reason(std::string_view text, call::Cause& cause) {
    const auto parts = split(text, ';');
    const auto protocol = trim(parts.front());
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const auto part = trim(parts[i]);
        if (part.size() < 7 || !iequals(part.substr(0, 6), "cause=")) continue;
        const auto code = to_number(trim(part.substr(6)));
        if (!code || *code <= 0) return;
        if (iequals(protocol, "Q.850") && *code < 128) cause.q850 = static_cast<int>(*code);
        if (iequals(protocol, "SIP") && *code >= 200 && *code < 700) cause.sip = static_cast<int>(*code);
    }
}

}  // namespace

std::string reason_value(const call::Cause& cause) {
    // What phones look for so as not to show a missed call.
    if (cause.sip == 200) return "SIP;cause=200;text=\"Call completed elsewhere\"";
    std::string text;
    if (cause.q850 > 0) text = fmt::format("Q.850;cause={};text=\"{}\"", cause.q850, cause.slug);
    if (cause.sip >= 300) {
        if (!text.empty()) text += ", ";
        text += fmt::format("SIP;cause={};text=\"{}\"", cause.sip, cause.slug);
    }
    return text;
}

call::Cause with_reason(call::Cause cause, const sip_s& message) {
    if (message.sip_reason == nullptr) return cause;
    for (const auto& value : values(message, "Reason")) read_reason(value, cause);
    return cause;
}

int refusal_status(const call::Cause& cause) {
    return cause.sip >= 300 && cause.sip <= 699 ? cause.sip : 480;
}

const char* phrase_of(int status) {
    const auto* phrase = sip_status_phrase(status);
    return phrase == nullptr ? "Refused" : phrase;
}

}  // namespace patchbay::sip
