// From where a leg's packets are taken: from the address its SDP signalled, or, when the phone sits behind a
// NAT, from the first source that proves steady; from then on from nobody else.
#pragma once

#include "media/address.hpp"
#include "media/rtp.hpp"

namespace patchbay::media {

class SourceLock {
  public:
    /// The peer signalled this address. Another one than before re-opens the lock. With `latch`, packets from
    /// elsewhere may show where the peer really is.
    void expect(const Address& signalled, bool latch);

    /// True when the packet is the peer's. A packet from the signalled address always is, and locks; one
    /// from elsewhere locks when it is the third of one stream in sequence and nothing was locked before.
    bool admit(const Address& from, const RtpHeader& header);

    /// The peer has shown by ICE that it is there.
    void fix(const Address& nominated) { locked_ = nominated; }

    /// Where to send: the locked source, or else the signalled address; none when neither is known.
    const Address& target() const { return locked_ ? locked_ : signalled_; }
    const Address& locked() const { return locked_; }

  private:
    bool prove(const Address& from, const RtpHeader& header);

    Address signalled_, locked_;
    bool latch_ = true;
    Address candidate_;
    std::uint32_t candidate_ssrc_ = 0;
    std::uint16_t candidate_sequence_ = 0;
    int proofs_ = 0;
};

}  // namespace patchbay::media
