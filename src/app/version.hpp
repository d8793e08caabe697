// The version that this build is.
#pragma once

namespace patchbay::app {

inline constexpr const char* version = "0.1.0";

}  // namespace patchbay::app
