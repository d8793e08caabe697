// IP addresses and URI parts as text.
#pragma once

#include <string>
#include <string_view>

#include "config/config.hpp"
#include "sip/agent.hpp"

struct sockaddr;

namespace patchbay::sip {

/// The address and port of a socket address; empty for other families.
config::Endpoint endpoint_of(const sockaddr& address);
/// An IPv6 literal in brackets, anything else as it is.
std::string bracketed(const std::string& host);
/// Appends a URI's user part, escaping what RFC 3261 (section 25.1) does not allow there.
void append_escaped_user(std::string& uri, std::string_view user);
/// A display name in quotes, `"` and `\` escaped, control characters dropped; empty for an empty name.
std::string quoted(std::string_view display_name);

}  // namespace patchbay::sip
