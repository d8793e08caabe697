// The answers that are not a call: errors as {"status", "message"}.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/http.hpp"

namespace patchbay::ringme {

inline constexpr std::string_view json_type = "application/json; charset=utf-8";

/// An error response; `symbol` is for programs, `message` for a person.
http::Response error(int status, std::string_view symbol, std::string_view message);

/// A command that the switch refused (call::refusal), as Ringme says it: 400, 404, 409 or 503.
http::Response refused(const Error& why);

/// The text as JSON may carry it: bytes that are no UTF-8 become '?'.
std::string utf8(std::string_view text);

}  // namespace patchbay::ringme
