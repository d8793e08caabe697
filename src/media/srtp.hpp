// SRTP and SRTCP of one direction (RFC 3711, 7714): packets are encrypted and opened in place, under GCM by
// SrtpGcm, in counter mode by libsrtp2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "media/protection.hpp"
#include "media/srtp_gcm.hpp"

struct srtp_ctx_t_;

namespace patchbay::media {

/// Bytes that sealing adds at most.
constexpr std::size_t srtp_overhead = 32;

struct SrtpDeleter {
    void operator()(srtp_ctx_t_* context) const;
};
using SrtpContext = std::unique_ptr<srtp_ctx_t_, SrtpDeleter>;

/// One thread's at a time.
class SrtpSender {
  public:
    /// Seals nothing when the context cannot be had.
    SrtpSender(SrtpSuite suite, const SrtpKey& key);

    /// Encrypts the first `size` bytes of `buffer`, which has srtp_overhead more, and returns how many there
    /// are then. Nothing for a packet that would use a sequence number twice.
    std::optional<std::size_t> seal(std::span<std::uint8_t> buffer, std::size_t size, bool rtcp);

  private:
    std::optional<SrtpGcm> gcm_;
    SrtpContext context_;  ///< of the other suite
};

/// One thread's at a time. Packets it has seen, and those too old to tell, are refused (replay).
class SrtpReceiver {
  public:
    SrtpReceiver(SrtpSuite suite, const SrtpKey& key);

    /// Decrypts in place and returns the plain packet's size. Nothing when it is no packet of that key, was
    /// altered, or came before.
    std::optional<std::size_t> open(std::span<std::uint8_t> packet, bool rtcp);

  private:
    bool knows(std::uint32_t ssrc);

    std::optional<SrtpGcm> gcm_;
    SrtpContext context_;               ///< of the other suite
    std::vector<std::uint32_t> ssrcs_;  ///< seen so far; each costs the context memory and time
};

}  // namespace patchbay::media
