// One leg's protection: its SRTP contexts, its DTLS handshake, its ICE-lite agent. A leg in plain RTP has
// none. One thread's at a time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "media/address.hpp"
#include "media/dtls.hpp"
#include "media/port_pool.hpp"
#include "media/protection.hpp"
#include "media/srtp.hpp"

namespace patchbay::media {

class Security {
  public:
    /// Sends a datagram from the leg's RTP port.
    using Send = std::function<void(std::span<const std::uint8_t>, const Address& to)>;

    explicit Security(const DtlsIdentity& identity) : identity_(identity) {}

    /// So long after a change of keys packets under those before are still taken.
    static constexpr auto key_overlap = std::chrono::seconds(2);

    /// As agreed from `now` on. What is the same as before goes on: contexts of the same key, an association
    /// with the same peer.
    void agree(const Protection& protection, Moment now);

    /// Answers a connectivity check (RFC 8445, section 7.3; as a lite agent, 2.5). False when it proves
    /// nothing.
    bool take_check(std::span<const std::uint8_t> packet, const Address& from, const Send& send);
    /// Takes a DTLS record. `signalled`: where SDP says the peer is. False when it comes from an address that
    /// neither a check nor SDP has shown.
    bool take_dtls(std::span<const std::uint8_t> packet, const Address& from, const Address& signalled,
                   const Send& send, Moment now);
    /// Begins or repeats what is ours to send. `target`: where the peer is, none when not yet known.
    void look_after(const Address& target, const Send& send, Moment now);

    /// The address that a check nominated; none yet, or no ICE.
    const Address& nominated() const { return nominated_; }
    /// Packets can be sealed and opened.
    bool ready() const { return sender_.has_value(); }
    /// By DTLS: what has no RTCP in it (RFC 5761) has no keys for RTCP either.
    bool by_dtls() const { return dtls_ != nullptr; }

    /// The packet decrypted in place; empty when it proves not to be the peer's.
    std::span<std::uint8_t> open(std::span<std::uint8_t> packet, bool rtcp, Moment now);
    /// The packet encrypted, valid until the next call on this thread; empty when it cannot be.
    static constexpr std::size_t largest_packet = 2048;
    std::span<const std::uint8_t> seal(std::span<const std::uint8_t> packet, bool rtcp);

  private:
    bool is_verified(const Address& from) const;
    void use(const SdesKeys& keys, Moment now);
    void settle_dtls(Moment now);

    const DtlsIdentity& identity_;
    std::optional<Ice> ice_;
    std::optional<DtlsPeer> peer_;
    std::unique_ptr<DtlsAssociation> dtls_;
    Address dtls_from_;                ///< where dtls_'s peer was found; none yet
    std::array<Address, 4> verified_;  ///< where checks came from, the newest at verified_at_
    std::size_t verified_at_ = 0;
    Address nominated_;

    std::optional<SdesKeys> keys_;
    std::optional<SrtpSender> sender_;
    std::optional<SrtpReceiver> receiver_;
    std::optional<SrtpReceiver> before_;  ///< of the keys before: packets under way when they changed
    Moment before_until_{};
};

}  // namespace patchbay::media
