// Where a new leg's INVITEs go: every binding of an extension, or a trunk. For .cpp files of this room alone.
#pragma once

#include <vector>

#include "call/ports.hpp"
#include "sip/branch.hpp"

namespace patchbay::sip {

struct Core;

/// Empty when nothing is registered there, or no such trunk is.
std::vector<Target> targets_of(Core& core, const call::Dial& dial);

}  // namespace patchbay::sip
