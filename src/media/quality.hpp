// How good a leg's audio is: the E-model's estimate from loss, delay and jitter (ITU-T G.107 with the
// defaults of its table 2, and G.113's figures for the codecs).
#pragma once

#include "call/quality.hpp"
#include "media/engine.hpp"

namespace patchbay::media {

/// The statistics with the estimate for what the leg's peer sends.
call::Quality quality_of(const Statistics& seen);

/// The mean opinion score, 1 to 4.5. `lost`: the share of packets that never came, 0 to 1, taken as random.
/// `delay`: one way, mouth to ear. Codecs that are not known count as G.711.
double mean_opinion(std::string_view codec, double lost, Milliseconds delay);

/// Adds a leg's figures to the process's histograms.
void count(const call::Quality& quality);

}  // namespace patchbay::media
