// What the switch's events mean for operators and queues.
#pragma once

#include "acd/core.hpp"
#include "call/event.hpp"

namespace patchbay::acd {

void take(Core& core, const call::Event& event);

}  // namespace patchbay::acd
