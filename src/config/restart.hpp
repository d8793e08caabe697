// Settings that only the next start takes up. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace patchbay::config {

/// Names of the settings in which `next` differs from `running` and which a reload does not change.
std::vector<std::string_view> waiting_for_restart(const Config& running, const Config& next);

}  // namespace patchbay::config
