// What the parties of a benchmark say: speech of our own making as RTP payloads, made once and said in turn.
#pragma once

#include <cstdint>
#include <vector>

#include "media/codec.hpp"

namespace patchbay::bench {

/// A few seconds of speech, 20 ms each, over and over.
struct Voices {
    std::uint8_t payload_type = 8;
    std::uint32_t ticks = 160;  ///< of the RTP clock, a packet
    std::vector<std::vector<std::uint8_t>> payloads;
};

/// In that codec, as a phone sends it: Opus at 48 kHz with a payload type of 96.
Voices speak(media::Codec codec);

}  // namespace patchbay::bench
