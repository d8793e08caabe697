// SRTP keys in SDP: a=crypto lines read and written (RFC 4568; RFC 7714, section 14.2).
#pragma once

#include <optional>
#include <vector>

#include "media/protection.hpp"
#include "sip/sdp.hpp"

namespace patchbay::sip {

/// One key of a crypto line.
struct CryptoKey {
    int tag = 1;
    media::SrtpSuite suite = media::SrtpSuite::aead_aes_128_gcm;
    media::SrtpKey key;
    bool operator==(const CryptoKey&) const = default;
};

/// The key of a line that we can use: a suite of ours, one key of the right length, no key index (MKI), no
/// session parameter that changes what is encrypted. Nothing for others.
std::optional<CryptoKey> read_crypto(const sdp::Crypto& line);
sdp::Crypto write_crypto(const CryptoKey& key);

/// Of the lines offered, the one we like best; nothing when there is none we can use.
std::optional<CryptoKey> best_crypto(const std::vector<sdp::Crypto>& offered);

/// A new random key.
CryptoKey new_crypto(int tag, media::SrtpSuite suite);

}  // namespace patchbay::sip
