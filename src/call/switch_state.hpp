// What is behind a Switch.
#pragma once

#include "call/core.hpp"

namespace patchbay::call {

struct Switch::State {
    State(config::ConfigPtr config, SwitchTools tools) : core(std::move(config), tools) {}
    Core core;
};

/// Carries a command out (commands.cpp).
Result<Outcome> carry_out(Core& core, const Command& command);

}  // namespace patchbay::call
