// What was odd about a leg's packets, on its way from those who noticed to the metrics.
#pragma once

#include "media/leg_audio.hpp"
#include "media/traffic.hpp"

namespace patchbay::media {

/// Tells what the leg's receiver and voice have noticed since the last call.
void tell_oddities(LegAudio& leg, Traffic& traffic);

}  // namespace patchbay::media
