// What single settings cannot tell: do they fit each other? Internal to config/.
#pragma once

#include "config/fields.hpp"

namespace patchbay::config {

/// Reports settings that are right by themselves but contradict each other. `root` gives the places in the
/// file.
void check_consistency(const Config& config, const YAML::Node& root, Report& report);

}  // namespace patchbay::config
