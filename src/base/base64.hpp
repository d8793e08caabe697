// Base64 as in RFC 4648, section 4: with padding, without line breaks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay {

std::string base64(std::string_view bytes);

/// The bytes of a whole base64 text; nothing when it holds any other character, or its padding is wrong.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace patchbay
