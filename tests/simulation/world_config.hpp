// The domain that the world has: extensions, operators, two queues, a trunk.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "config/config.hpp"

namespace patchbay::simulation {

inline constexpr int world_extensions = 12;  ///< from 101; every second one is an operator's
inline constexpr std::array strategies{"longest_idle", "ring_all",     "round_robin", "least_talk",
                                       "top_down",     "fewest_calls", "skills"};
inline const std::string world_domain = "demo.local";

/// Queues of every strategy, priority and penalty for missed calls, and an operator who is there or not: each
/// by `variety`, of which any number will do.
config::ConfigPtr world_config(std::uint32_t variety);

}  // namespace patchbay::simulation
