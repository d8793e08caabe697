// Runs operations, and looks for the shortest list of them that still fails.
#pragma once

#include <functional>

#include "operation.hpp"
#include "world.hpp"

namespace patchbay::simulation {

struct Run {
    Breach breach;
    std::size_t performed = 0;  ///< up to and with the operation that failed
    std::size_t events = 0, accepted = 0;
};

/// Prepares a world before the run, to put in a fault.
using Prepare = std::function<void(World&)>;

Run run(const Operations& operations, const Prepare& prepare = {});

/// Removes ever smaller stretches while the run still breaks the same rule, for half a minute at
/// most.
Operations shrink(Operations failing, const Prepare& prepare = {});

}  // namespace patchbay::simulation
