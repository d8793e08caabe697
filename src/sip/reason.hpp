// The Reason header (RFC 3326) and causes: what we say of an end, and what the other side said.
#pragma once

#include <string>
#include <string_view>

#include "call/types.hpp"

struct sip_s;

namespace patchbay::sip {

/// The values of a Reason header for that cause: Q.850, SIP, or both; empty when it has neither code.
std::string reason_value(const call::Cause& cause);

/// The cause with the codes that the message's Reason header gives, where it has one.
call::Cause with_reason(call::Cause cause, const sip_s& message);

/// The status and its phrase that refuse a caller for that cause: its SIP status if that is one of 300 to
/// 699, else 480.
int refusal_status(const call::Cause& cause);

/// The standard phrase of a status; "Refused" for one that has none.
const char* phrase_of(int status);

}  // namespace patchbay::sip
