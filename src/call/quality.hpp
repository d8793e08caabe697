// What one leg's audio was like, counted from its RTP and RTCP (RFC 3550) while it lasted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.hpp"

namespace patchbay::call {

/// Immutable. "received" is what the leg's peer sent us, "sent" what we sent it.
struct Quality {
    std::string codec;              ///< the encoding's name in SDP, as agreed last
    std::uint64_t received = 0;     ///< packets
    std::uint64_t sent = 0;         ///< packets
    std::uint64_t lost = 0;         ///< packets of the peer that never came
    std::uint64_t lost_remote = 0;  ///< packets of ours that never came, as the peer's reports say
    Milliseconds jitter{0};         ///< of what the peer sends
    Milliseconds round_trip{0};     ///< to the peer and back; 0: no report told
    double mos = 0;                 ///< 1 to 4.5, estimated for what the peer sends; 0: nothing came
    bool operator==(const Quality&) const = default;
};

using QualityPtr = std::shared_ptr<const Quality>;

}  // namespace patchbay::call
