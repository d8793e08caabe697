// The parts of header values (RFC 3261, section 25.1), read leniently.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace patchbay::robot {

/// The values of a list: split at commas that are neither in quotes nor in angle brackets.
std::vector<std::string> split_list(std::string_view value);
/// The URI of a name-addr or addr-spec: `"A" <sip:a@b;x>;tag=1` → `sip:a@b;x`.
std::string uri_in(std::string_view value);
/// A quoted string (RFC 3261, section 25.1).
std::string quoted(std::string_view text);
/// The display name before the URI, without quotes and escapes.
std::string display_name_in(std::string_view value);
/// A parameter after the URI (or anywhere in a value without one); nothing when it is not there.
std::optional<std::string> parameter_in(std::string_view value, std::string_view name);
/// The user part of a URI.
std::string user_in(std::string_view uri);
/// Where a URI points to; the port is 5060 when it names none, the address as written.
config::Endpoint endpoint_in(std::string_view uri);

}  // namespace patchbay::robot
