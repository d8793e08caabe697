// The domain that the world has: extensions, operators, two queues, a trunk.
#pragma once

#include <string>

#include "config/config.hpp"

namespace patchbay::simulation {

inline constexpr int world_extensions = 12;  ///< from 101; every second one is an operator's
inline const std::string world_domain = "demo.local";

config::ConfigPtr world_config();

}  // namespace patchbay::simulation
