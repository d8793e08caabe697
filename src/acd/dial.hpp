// What a dialled feature code does.
#pragma once

#include <string>
#include <string_view>

#include "acd/core.hpp"

namespace patchbay::acd {

/// Does what the code dialled says for whoever works at `number`; false when it is no code or is refused.
/// Called from within the switch: whatever asks it waits until it has finished.
bool dial(Core& core, const config::Domain& domain, const std::string& number, std::string_view dialled);

}  // namespace patchbay::acd
