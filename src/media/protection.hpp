// How one leg's media is protected and found, as its SDP settled it: SRTP keys by SDES (RFC 4568) or by DTLS
// (RFC 5763), ICE-lite (RFC 8445, section 2.5). Plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace patchbay::media {

/// How SRTP encrypts and authenticates, the ones we like first.
enum class SrtpSuite : std::uint8_t {
    aead_aes_128_gcm,         ///< RFC 7714
    aes_cm_128_hmac_sha1_80,  ///< RFC 3711
};

/// The suite's name in a=crypto (RFC 4568, section 6.2; RFC 7714, section 14.2).
std::string_view name(SrtpSuite suite);
std::optional<SrtpSuite> srtp_suite_named(std::string_view text);

/// Master key and salt of one direction, one behind the other.
struct SrtpKey {
    static constexpr std::size_t key_bytes = 16, most_bytes = 30;
    std::array<std::uint8_t, most_bytes> bytes{};  ///< the first size(suite) count
    bool operator==(const SrtpKey&) const = default;

    /// Bytes of key and salt together: 28 for GCM, 30 for counter mode.
    static constexpr std::size_t size(SrtpSuite suite) {
        return suite == SrtpSuite::aead_aes_128_gcm ? 28 : 30;
    }
};

/// Keys that the signalling carried.
struct SdesKeys {
    SrtpSuite suite = SrtpSuite::aead_aes_128_gcm;
    SrtpKey local, remote;  ///< of what we send, and of what the peer sends
    bool operator==(const SdesKeys&) const = default;
};

/// A certificate's digest as a=fingerprint writes it (RFC 8122).
struct Fingerprint {
    std::string hash;   ///< "sha-256", in lower case
    std::string value;  ///< "4A:AD:…", in capitals
    bool operator==(const Fingerprint&) const = default;
};

/// Keys are agreed by a DTLS handshake on the media's own way.
struct DtlsPeer {
    Fingerprint fingerprint;  ///< of the peer's certificate
    bool we_connect = false;  ///< we send the first hello (a=setup:active)
    bool operator==(const DtlsPeer&) const = default;
};

/// One side's ICE credentials (RFC 8839, section 5.4).
struct IceCredentials {
    std::string fragment, password;
    bool operator==(const IceCredentials&) const = default;
};

/// The peer looks for us by connectivity checks, and its address is what a nominated check shows.
struct Ice {
    IceCredentials local, remote;
    bool operator==(const Ice&) const = default;
};

struct Protection {
    std::variant<std::monostate, SdesKeys, DtlsPeer> keys;  ///< monostate: plain RTP
    std::optional<Ice> ice;
    bool operator==(const Protection&) const = default;

    bool encrypted() const { return keys.index() != 0; }
    /// Nothing of it: a leg as old as RTP.
    bool none() const { return !encrypted() && !ice; }
};

}  // namespace patchbay::media
