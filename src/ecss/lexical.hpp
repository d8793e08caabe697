// How XSD writes numbers and truth (XML Schema Part 2, 3.2.2 and 3.3.13), of values that a schema has let
// through.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.hpp"

namespace patchbay::ecss {

/// White space around and a plus sign are allowed; nothing when the text is empty or does not fit.
inline std::optional<std::int64_t> integer(std::string_view text) {
    text = trim(text);
    if (text.starts_with('+')) text.remove_prefix(1);
    return to_number(text);
}

/// true, false, 1 or 0; `otherwise` when the text is empty.
inline bool boolean(std::string_view text, bool otherwise) {
    text = trim(text);
    return text.empty() ? otherwise : text == "true" || text == "1";
}

}  // namespace patchbay::ecss
