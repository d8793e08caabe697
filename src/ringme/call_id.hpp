// A leg's id as Ringme writes it: call_api_id, 32 lowercase hex digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace patchbay::ringme {

/// 16 digits mixed from the id, then the 16 of the id itself.
std::string call_api_id(LegId leg);

/// The leg of such a text; nothing when it is of any other form or its halves do not belong together.
std::optional<LegId> parse_call_api_id(std::string_view text);

}  // namespace patchbay::ringme
