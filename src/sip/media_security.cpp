#include "sip/media_security.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "sip/secret.hpp"

namespace patchbay::sip {
namespace {

constexpr std::size_t fragment_length = 8, password_length = 24;  // RFC 8839, section 5.4: at least 4 and 22

bool is_dtls(sdp::Profile profile) {
    return profile == sdp::Profile::dtls_savp || profile == sdp::Profile::dtls_savpf;
}

bool is_savp(sdp::Profile profile) {
    return profile == sdp::Profile::savp || profile == sdp::Profile::savpf;
}

bool is_avp(sdp::Profile profile) {
    return profile == sdp::Profile::avp || profile == sdp::Profile::avpf;
}

/// Our only address, with the priority of a host candidate (RFC 8445, section 5.1.2.1).
std::string candidate(const sdp::Media& line) {
    return fmt::format("1 1 udp 2130706431 {} {} typ host", line.address, line.port);
}

}  // namespace

MediaSecurity::Way MediaSecurity::first_offer() const {
    if (terms_.srtp == config::Srtp::off) return Way::plain;
    if (terms_.browser && terms_.fingerprint) return Way::dtls;
    const bool required = terms_.srtp == config::Srtp::required;
    if (terms_.sdes) return required ? Way::sdes : Way::opportunistic;
    return required && terms_.fingerprint ? Way::dtls : Way::plain;
}

void MediaSecurity::offer(sdp::Media& line) {
    offered_way_ = agreed_way_.value_or(first_offer());
    ice_said_ = false;
    if (offered_way_ == Way::dtls) {
        line.profile = terms_.browser ? sdp::Profile::dtls_savpf : sdp::Profile::dtls_savp;
        line.profile_text = terms_.browser ? "UDP/TLS/RTP/SAVPF" : "UDP/TLS/RTP/SAVP";
        line.rtcp_mux = true;
        write_dtls(line, "actpass", terms_.browser || !ice_.fragment.empty());
    } else if (offered_way_ != Way::plain) {
        if (offered_way_ == Way::sdes) {
            line.profile = sdp::Profile::savp;
            line.profile_text = "RTP/SAVP";
        }
        if (keys_.empty()) {
            keys_ = {new_crypto(1, media::SrtpSuite::aead_aes_128_gcm),
                     new_crypto(2, media::SrtpSuite::aes_cm_128_hmac_sha1_80)};
        }
        for (const CryptoKey& key : keys_) line.security.crypto.push_back(write_crypto(key));
    }
}

/// How an m= line of the peer's wants to be encrypted, as far as we can; nothing when we cannot.
std::optional<MediaSecurity::Way> MediaSecurity::way_of(const sdp::Media& offered) const {
    const bool keys = terms_.sdes && best_crypto(offered.security.crypto);
    if (is_avp(offered.profile)) {
        return keys && terms_.srtp != config::Srtp::off ? Way::opportunistic : Way::plain;
    }
    if (is_savp(offered.profile) && keys) return Way::sdes;
    const auto& fingerprint = offered.security.fingerprint;
    const bool known_hash =
        fingerprint && fingerprint->hash.starts_with("sha-") && fingerprint->hash != "sha-1";
    if (is_dtls(offered.profile) && terms_.fingerprint && known_hash) return Way::dtls;
    return std::nullopt;
}

bool MediaSecurity::takes(const sdp::Media& offered) const {
    const auto way = way_of(offered);
    if (!way) return false;
    if (terms_.srtp == config::Srtp::off) return *way == Way::plain;
    return terms_.srtp != config::Srtp::required || *way != Way::plain;
}

media::Protection MediaSecurity::answer(const sdp::Media& offered, sdp::Media& line) {
    media::Protection agreed;
    agreed_way_ = way_of(offered);
    ice_said_ = false;
    line.rtcp_mux = offered.rtcp_mux;
    if (agreed_way_ == Way::plain) agreed_keys_.reset();
    if (agreed_way_ == Way::dtls) {
        const bool with_ice =
            !offered.security.ice.fragment.empty() && !offered.security.ice.password.empty();
        const bool connect = connects(offered);
        // New credentials of theirs begin anew, and want new ones of ours (RFC 8839, section 4.4.1.1.1).
        if (with_ice && std::exchange(peer_ice_, offered.security.ice) != offered.security.ice) ice_ = {};
        write_dtls(line, connect ? "active" : "passive", with_ice);
        agreed_peer_ = media::DtlsPeer{*offered.security.fingerprint, connect};
        agreed.keys = *agreed_peer_;
        agreed.ice = ice_with(offered);
    } else if (agreed_way_ != Way::plain) {
        agreed.keys = answer_keys(*best_crypto(offered.security.crypto), line);
    }
    return agreed;
}

/// The one who offers says who connects, or leaves it to us: then it is the one who may sit behind a
/// translator, so it. An association that stands keeps its roles (RFC 8842, section 5.3).
bool MediaSecurity::connects(const sdp::Media& offered) const {
    if (offered.security.setup == "passive") return true;
    if (offered.security.setup != "actpass") return false;
    return agreed_peer_ && agreed_peer_->fingerprint == *offered.security.fingerprint &&
           agreed_peer_->we_connect;
}

/// The key of ours stays as long as theirs does; a new one of theirs is answered with a new one.
media::SdesKeys MediaSecurity::answer_keys(const CryptoKey& theirs, sdp::Media& line) {
    if (!agreed_keys_ || agreed_keys_->suite != theirs.suite || agreed_keys_->remote != theirs.key) {
        agreed_keys_ = {theirs.suite, new_crypto(theirs.tag, theirs.suite).key, theirs.key};
    }
    keys_ = {{theirs.tag, theirs.suite, agreed_keys_->local}};
    line.security.crypto.push_back(write_crypto(keys_.front()));
    return *agreed_keys_;
}

void MediaSecurity::write_dtls(sdp::Media& line, const char* setup, bool with_ice) {
    line.security.fingerprint = *terms_.fingerprint;
    line.security.setup = setup;
    if (!with_ice) return;
    if (ice_.fragment.empty()) ice_ = {secret_word(fragment_length), secret_word(password_length)};
    line.security.ice = ice_;
    line.security.candidates = {candidate(line)};
    ice_said_ = true;
}

std::optional<media::Ice> MediaSecurity::ice_with(const sdp::Media& remote) const {
    if (!ice_said_ || remote.security.ice.fragment.empty()) return std::nullopt;
    return media::Ice{ice_, remote.security.ice};
}

std::optional<media::Protection> MediaSecurity::settle(const sdp::Media& answered) {
    std::optional<media::Protection> agreed;
    switch (offered_way_) {
        case Way::plain:
            if (is_avp(answered.profile)) agreed.emplace();
            break;
        case Way::opportunistic:
            if (!is_avp(answered.profile)) break;
            agreed = answered.security.crypto.empty() ? media::Protection{} : settle_keys(answered);
            break;
        case Way::sdes:
            if (is_savp(answered.profile)) agreed = settle_keys(answered);
            break;
        case Way::dtls:
            if (is_dtls(answered.profile)) agreed = settle_dtls(answered);
            break;
    }
    if (agreed) agreed_way_ = agreed->encrypted() ? offered_way_ : Way::plain;
    if (agreed_way_ == Way::plain) agreed_keys_.reset();
    return agreed;
}

std::optional<media::Protection> MediaSecurity::settle_keys(const sdp::Media& answered) {
    if (answered.security.crypto.size() != 1) return std::nullopt;
    const auto theirs = read_crypto(answered.security.crypto.front());
    if (!theirs) return std::nullopt;
    const auto ours = std::ranges::find_if(
        keys_, [&](const CryptoKey& key) { return key.tag == theirs->tag && key.suite == theirs->suite; });
    if (ours == keys_.end()) return std::nullopt;
    const CryptoKey chosen = *ours;
    keys_ = {chosen};
    agreed_keys_ = {theirs->suite, chosen.key, theirs->key};
    return media::Protection{*agreed_keys_, {}};
}

std::optional<media::Protection> MediaSecurity::settle_dtls(const sdp::Media& answered) {
    const auto& security = answered.security;
    if (!security.fingerprint || (security.setup != "active" && security.setup != "passive"))
        return std::nullopt;
    agreed_peer_ = media::DtlsPeer{*security.fingerprint, security.setup == "passive"};
    peer_ice_ = security.ice;
    return media::Protection{*agreed_peer_, ice_with(answered)};
}

}  // namespace patchbay::sip
