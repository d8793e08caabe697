// Checks every request that may change or make a dialog passes first: extensions, body type. For .cpp files
// of this room alone.
#pragma once

#include <optional>
#include <string_view>

#include "sip/agent.hpp"
#include "sip/sofia.hpp"

namespace patchbay::sip {

/// Why a request is refused.
struct Problem {
    int status = 400;
    std::string_view reason;       ///< for the metric
    std::optional<Header> header;  ///< what the answer must say
};

/// 400 for headers by which requests are routed and that cannot be read: Max-Forwards of other than 0 to 255
/// (RFC 3261, section 20.22), Route and Record-Route that name no host; 483 when Max-Forwards is used up.
std::optional<Problem> routing_problem_of(const sip_t& message);

/// 420 for an extension it requires and we lack, 415 for a body that is no SDP, 400 without a usable Contact.
std::optional<Problem> problem_of(const sip_t& message);

}  // namespace patchbay::sip
