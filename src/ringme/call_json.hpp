// Legs → Ringme's call objects.
#pragma once

#include <span>
#include <string>

#include "call/facts.hpp"
#include "config/config.hpp"

namespace patchbay::ringme {

/// Whose list the calls are written for. The references outlive the writing.
struct Viewpoint {
    const config::Domain& domain;
    int client_id = 0;
    const config::Extension* extension = nullptr;  ///< null: the whole client
};

/// {"call_list": [...]}. A client's list leaves out outside parties, which are no phones of it, but for those
/// that are parked.
std::string call_list(std::span<const call::LegView> legs, const Viewpoint& viewpoint);

/// One call object. `park_slot` is written when it is not 0.
std::string call_object(const call::LegView& leg, const Viewpoint& viewpoint, int park_slot = 0);

}  // namespace patchbay::ringme
