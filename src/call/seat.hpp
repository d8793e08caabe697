// Where operators work, and whose the calls at a phone are when somebody begins to work there.
#pragma once

#include <string>

#include "call/core.hpp"

namespace patchbay::call::seat {

/// See the command Seat.
Result<Done> take(Core& core, const std::string& domain, const std::string& operator_id,
                  const std::string& number);

}  // namespace patchbay::call::seat
