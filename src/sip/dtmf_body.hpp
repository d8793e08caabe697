// Digits in INFO bodies, as phones write them: application/dtmf-relay and application/dtmf. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::sip {

/// The digit (0-9, *, #, A-D) in that body; '\0' for a hook flash or another signal that is no digit; nothing
/// for a body of another type.
std::optional<char> digit_in(std::string_view content_type, std::string_view body);

/// An application/dtmf-relay body.
std::string dtmf_relay(char digit);

}  // namespace patchbay::sip
