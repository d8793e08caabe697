// A rung phone sends the caller elsewhere (302).
#pragma once

#include <string>

#include "call/core.hpp"

namespace patchbay::call {

/// A rung phone names another number: that is rung in its place, if the phone's own extension might call it.
void ring_elsewhere(Core& core, Leg& leg, const std::string& to);

}  // namespace patchbay::call
