// Commands: each finds whom it is about and hands over to the part that knows.
#pragma once

#include "acd/core.hpp"

namespace patchbay::acd {

Result<Outcome> carry_out(Core& core, const Command& command);

}  // namespace patchbay::acd
