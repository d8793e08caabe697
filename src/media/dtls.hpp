// DTLS-SRTP (RFC 5763, 5764) on OpenSSL: our certificate, and one leg's handshake, fed with datagrams.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "media/protection.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace patchbay::media {

/// Who we are to all peers: a self-signed ECDSA P-256 certificate made at start, which signalling vouches for
/// by its fingerprint. Any thread.
class DtlsIdentity {
  public:
    /// Throws std::runtime_error when OpenSSL cannot.
    DtlsIdentity();
    ~DtlsIdentity();
    DtlsIdentity(const DtlsIdentity&) = delete;
    DtlsIdentity& operator=(const DtlsIdentity&) = delete;

    const std::shared_ptr<const Fingerprint>& fingerprint() const { return fingerprint_; }
    ssl_ctx_st* context() const { return context_; }

  private:
    ssl_ctx_st* context_ = nullptr;
    std::shared_ptr<const Fingerprint> fingerprint_;
};

/// One handshake and what comes of it. One thread's at a time. Nothing of it waits: the dearest step, a
/// signature and two multiplications on P-256, takes well under a millisecond.
class DtlsAssociation {
  public:
    /// Sends one datagram to the peer.
    using Send = std::function<void(std::span<const std::uint8_t>)>;
    enum class State : std::uint8_t { handshake, agreed, failed };

    DtlsAssociation(const DtlsIdentity& identity, const DtlsPeer& peer);
    ~DtlsAssociation();
    DtlsAssociation(const DtlsAssociation&) = delete;
    DtlsAssociation& operator=(const DtlsAssociation&) = delete;

    /// Sends the first hello when that is ours to do; more calls do nothing.
    void start(const Send& send);
    /// Takes one datagram of the peer's.
    void receive(std::span<const std::uint8_t> datagram, const Send& send);
    /// Repeats what was lost, when its time has come (RFC 6347, section 4.2.4).
    void repeat(const Send& send);

    State state() const { return state_; }
    /// Once agreed: the keys of both directions, from a peer whose certificate has the fingerprint.
    const std::optional<SdesKeys>& keys() const { return keys_; }

  private:
    struct Pipe;
    void go_on(const Send& send);
    void settle();
    bool is_peer() const;
    std::optional<SdesKeys> export_keys() const;

    const DtlsPeer peer_;
    std::unique_ptr<Pipe> pipe_;
    ssl_st* ssl_ = nullptr;
    State state_ = State::handshake;
    bool started_ = false;
    std::optional<SdesKeys> keys_;
};

/// The fingerprint of a DER certificate, by the hash of that name ("sha-256"); nothing for a hash unknown or
/// too weak.
std::optional<Fingerprint> fingerprint_of(std::span<const std::uint8_t> certificate, const std::string& hash);

}  // namespace patchbay::media
