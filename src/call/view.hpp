// Legs as queries and commands show them, and who may see them.
#pragma once

#include <vector>

#include "call/command.hpp"
#include "call/core.hpp"

namespace patchbay::call {

LegView view(const Leg& leg);
/// A parked leg is also its parker's to see. The scope's domain must be written as the configuration has it.
bool is_visible(const Leg& leg, const Scope& scope);
/// Every leg of the scope, in order of id.
std::vector<LegView> views_of(const Core& core, const Scope& scope);

}  // namespace patchbay::call
