// The robot's side of agreeing on encrypted audio: one way of doing it, offered alone and taken alone.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "media/protection.hpp"
#include "options.hpp"
#include "sip/sdes.hpp"
#include "sip/sdp.hpp"

namespace patchbay::robot {

/// A value with state. Not thread-safe.
class Encryption {
  public:
    Encryption() = default;
    /// `fingerprint`: of the certificate that this robot shows, or says it shows.
    Encryption(Options::Srtp how, media::Fingerprint fingerprint)
        : how_(std::move(how)), fingerprint_(std::move(fingerprint)) {}

    void offer(sip::sdp::Media& line);
    /// True when that line is encrypted (or not) in our way.
    bool takes(const sip::sdp::Media& offered) const;
    media::Protection answer(const sip::sdp::Media& offered, sip::sdp::Media& line);
    media::Protection settle(const sip::sdp::Media& answered);
    /// The next offer brings new keys, and the certificate of that fingerprint.
    void rekey(media::Fingerprint fingerprint) {
        keys_.clear();
        fingerprint_ = std::move(fingerprint);
    }

  private:
    void write_dtls(sip::sdp::Media& line, const char* setup);
    media::Protection dtls_with(const sip::sdp::Media& remote, bool we_connect) const;

    Options::Srtp how_;
    media::Fingerprint fingerprint_;
    std::vector<sip::CryptoKey> keys_;  ///< ours
    media::IceCredentials ice_;
};

}  // namespace patchbay::robot
