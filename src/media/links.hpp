// The links between the legs of one media thread: who hears whom, and by which way.
#pragma once

#include <functional>

#include "media/leg_audio.hpp"

namespace patchbay::media {

/// How to find a leg of this thread: null when it is not there.
using FindLeg = std::function<LegAudio*(LegId)>;

/// From now on `ear` hears exactly these sources; those that are not there are silent. A sound that went on
/// before goes on; a new one begins at `tick`.
void set_sources(LegAudio& ear, const std::vector<call::Source>& sources, const Sounds& sounds,
                 std::uint64_t tick, const FindLeg& find);

/// Takes the leg out of all rows: its own is empty, and nobody hears it.
void cut_links(LegAudio& leg);

/// The way that serves this ear as things stand.
Mode wanted_mode(const LegAudio& ear);

}  // namespace patchbay::media
