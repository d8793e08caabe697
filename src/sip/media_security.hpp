// Our half of a leg's media encryption in offer and answer: what is offered, which offers are taken, and what
// both sides then agree. SDES (RFC 4568) and DTLS-SRTP (RFC 5763), the latter with ICE-lite (RFC 8839). A
// value: an exchange's copies each hold one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "config/config.hpp"
#include "media/protection.hpp"
#include "sip/sdes.hpp"
#include "sip/sdp.hpp"

namespace patchbay::sip {

/// What a leg may and must do about its media: encryption first, then how digits go
/// and how loud it is.
struct MediaTerms {
    config::Srtp srtp = config::Srtp::off;
    bool sdes = false;     ///< keys may stand in SDP: whoever carries it reads them, so the way is encrypted
    bool browser = false;  ///< the other side is one: it takes nothing but DTLS, found by ICE
    /// Of our certificate; none: no DTLS.
    std::shared_ptr<const media::Fingerprint> fingerprint{};
    config::Dtmf dtmf = config::Dtmf::automatic;
    int gain = 0;  ///< dB by which what the other side says is louder to others
    bool operator==(const MediaTerms&) const = default;
};

class MediaSecurity {
  public:
    explicit MediaSecurity(MediaTerms terms = {}) : terms_(std::move(terms)) {}

    /// Adds to the m= line of an offer of ours what we offer: what is agreed already, or what the terms say.
    void offer(sdp::Media& line);
    /// True when an m= line of the peer's offer has a way of encryption we may take, or none where none is
    /// asked.
    bool takes(const sdp::Media& offered) const;
    /// Adds to `line` the answer to an m= line that takes() took, and returns what is then agreed.
    media::Protection answer(const sdp::Media& offered, sdp::Media& line);
    /// What the answer to our offer agrees; nothing when it does not fit the offer.
    std::optional<media::Protection> settle(const sdp::Media& answered);

    /// True when our last m= line says that we are an ICE-lite agent.
    bool ice_lite() const { return ice_said_; }

  private:
    /// The ways, by the profile and what goes with it.
    enum class Way : std::uint8_t {
        plain,
        opportunistic,  ///< RTP/AVP with keys, to take or leave (RFC 8643)
        sdes,           ///< RTP/SAVP with keys
        dtls,
    };
    Way first_offer() const;
    std::optional<Way> way_of(const sdp::Media& offered) const;
    void write_dtls(sdp::Media& line, const char* setup, bool with_ice);
    media::SdesKeys answer_keys(const CryptoKey& theirs, sdp::Media& line);
    std::optional<media::Protection> settle_keys(const sdp::Media& answered);
    std::optional<media::Protection> settle_dtls(const sdp::Media& answered);
    std::optional<media::Ice> ice_with(const sdp::Media& remote) const;
    bool connects(const sdp::Media& offered) const;

    MediaTerms terms_;
    std::optional<Way> agreed_way_;
    std::vector<CryptoKey> keys_;  ///< ours: offered, or the one agreed
    std::optional<media::SdesKeys> agreed_keys_;
    std::optional<media::DtlsPeer> agreed_peer_;
    media::IceCredentials ice_, peer_ice_;
    Way offered_way_ = Way::plain;
    bool ice_said_ = false;
};

}  // namespace patchbay::sip
