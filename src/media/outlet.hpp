// The way out of a media thread: one packet to one leg's peer.
#pragma once

#include "media/leg_audio.hpp"
#include "media/traffic.hpp"

namespace patchbay::media {

/// Sends RTP to where the leg's peer takes it, and counts it. What the kernel refuses (no buffers, no route,
/// an ICMP error of before) is counted and gone.
bool send_rtp(LegAudio& leg, std::span<const std::uint8_t> packet, Traffic& traffic);

/// Sends the telephone-event among the leg's own audio.
void send_event(LegAudio& leg, const TelephoneEvent& event, bool marker, Traffic& traffic);

/// Sends a packet of audio of our own, with room for the RTP header at its begin. `first`: the mixer's tick
/// at which it begins. False when the kernel refused it.
bool send_audio(LegAudio& leg, std::span<std::uint8_t> packet, std::uint64_t first, Traffic& traffic,
                Moment now);

}  // namespace patchbay::media
