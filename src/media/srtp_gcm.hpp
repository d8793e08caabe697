// SRTP and SRTCP under AEAD_AES_128_GCM (RFC 7714, 3711) of one direction, on OpenSSL: libsrtp2 as Debian
// builds it sets a cipher up anew for every packet (decision 042).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "media/packet_numbers.hpp"
#include "media/protection.hpp"

struct evp_cipher_ctx_st;

namespace patchbay::media {

/// One thread's at a time.
class SrtpGcm {
  public:
    enum class Direction : std::uint8_t { seal, open };

    /// With session keys of that master key (RFC 3711, section 4.3). Throws std::runtime_error when OpenSSL
    /// has no such cipher.
    SrtpGcm(const SrtpKey& master, Direction direction);

    /// As SrtpSender::seal(); the buffer has srtp_overhead more bytes than the packet.
    std::optional<std::size_t> seal(std::span<std::uint8_t> buffer, std::size_t size, bool rtcp);
    /// As SrtpReceiver::open(). A packet that is refused may have been changed.
    std::optional<std::size_t> open(std::span<std::uint8_t> packet, bool rtcp);

  private:
    struct CipherDeleter {
        void operator()(evp_cipher_ctx_st* context) const;
    };
    using Cipher = std::unique_ptr<evp_cipher_ctx_st, CipherDeleter>;
    using Salt = std::array<std::uint8_t, 12>;
    struct Session {
        Cipher cipher;
        Salt salt;
    };
    /// What is known of one SSRC.
    struct Source {
        std::uint32_t ssrc = 0;
        PacketNumbers rtp, rtcp;
        std::uint32_t last_rtcp = 0;  ///< the number of the report that was sealed last
    };
    static Session make_session(const SrtpKey& master, std::uint8_t first_label, Direction direction);
    std::optional<std::size_t> seal_rtp(std::span<std::uint8_t> buffer, std::size_t size);
    std::optional<std::size_t> seal_rtcp(std::span<std::uint8_t> buffer, std::size_t size);
    std::optional<std::size_t> open_rtp(std::span<std::uint8_t> packet);
    std::optional<std::size_t> open_rtcp(std::span<std::uint8_t> packet);
    Source* source_of(std::uint32_t ssrc);
    void keep_if_new(const Source& source);

    Session rtp_, rtcp_;
    std::vector<Source> sources_;
    Source unproved_;  ///< one that no good packet has come from yet
};

}  // namespace patchbay::media
