// Name-addr header values and SIP URIs as text (RFC 3261, section 25.1), for what Sofia hands us as text.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::sip {

/// `"Display" <uri>;name=value` or `uri;name=value`; in the second form the parameters are the header's.
struct NameAddr {
    std::string display_name;  ///< without quotes and escapes
    std::string uri;
    std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case, values unquoted

    /// Empty when it is not there.
    std::string_view parameter(std::string_view name) const;
};

/// Nothing when the text is no name-addr or is longer than 4 KiB. `*` gives a NameAddr with that URI.
std::optional<NameAddr> parse_name_addr(std::string_view text);

/// Views into the text parsed.
struct UriParts {
    std::string_view scheme;  ///< as written: sip, sips, tel
    std::string_view user;    ///< without password and parameters, still escaped
    std::string_view host;    ///< IPv6 without brackets; empty for tel
    int port = 0;             ///< 0: not said
};

/// Nothing when it is no URI with one of the three schemes, a host (or number) and a sound port.
std::optional<UriParts> parse_uri(std::string_view uri);

/// %XX made the character it stands for; what is no escape stays as it is.
std::string unescaped(std::string_view text);

}  // namespace patchbay::sip
