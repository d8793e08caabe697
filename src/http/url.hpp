// Request targets: percent-decoding (RFC 3986, section 2.1) and paths made plain. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::http {

/// Decodes %XX, and '+' to a space when `form` (application/x-www-form-urlencoded). Nothing when an escape is
/// broken or hides a NUL.
std::optional<std::string> percent_decode(std::string_view text, bool form = false);

/// A request target, taken apart.
struct Target {
    std::string encoded;  ///< the path as sent, but without empty and dot segments; begins with '/'
    std::string path;     ///< the same, decoded
    std::string query;    ///< after '?', as sent
};

/// Reads the origin or absolute form (RFC 9112, section 3.2), and "*". Nothing when it is neither, when an
/// escape is broken, or when dot segments lead above the root.
std::optional<Target> parse_target(std::string_view text);

/// The decoded value of the first pair of that name in `name=value&…`; nothing when there is none or it is
/// broken. Names compare with case.
std::optional<std::string> form_value(std::string_view form, std::string_view name);

}  // namespace patchbay::http
