// The protection of each leg of a media thread: what comes in is opened, checks and handshakes are answered.
#pragma once

#include <span>

#include "media/leg_audio.hpp"
#include "media/traffic.hpp"

namespace patchbay::media {

class SecurityExchange {
  public:
    SecurityExchange(Traffic& traffic, const DtlsIdentity& identity)
        : traffic_(traffic), identity_(identity) {}

    /// The leg's peer has agreed to that.
    void agree(LegAudio& leg, const Protection& protection, Moment now);
    /// Keeps the packet until agree() when it is DTLS, in the place of one kept before. False for any other.
    static bool keep_hello(LegAudio& leg, std::span<const std::uint8_t> packet, const Address& from);
    /// Takes a packet that reached a protected leg's RTP port: gives back the plain RTP or RTCP in it, or
    /// nothing when it was no such packet. A check or handshake may have changed where the leg is sent to.
    std::span<std::uint8_t> take(LegAudio& leg, std::span<std::uint8_t> packet, const Address& from,
                                 Moment now);
    /// To be called a few times a second for each leg: begins and repeats handshakes, drops keys of before.
    void look_after(LegAudio& leg, Moment now);

  private:
    Security::Send sender_of(const LegAudio& leg);
    std::span<std::uint8_t> refuse(LegAudio& leg, Refusal reason);

    Traffic& traffic_;
    const DtlsIdentity& identity_;
};

}  // namespace patchbay::media
