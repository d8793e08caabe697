#include "encryption.hpp"

#include <algorithm>

#include "sip/secret.hpp"

namespace patchbay::robot {

namespace sdp = sip::sdp;
using Way = Options::Srtp::Way;

void Encryption::offer(sdp::Media& line) {
    line.rtcp_mux = how_.rtcp_mux;
    if (how_.way == Way::sdes) {
        line.profile = sdp::Profile::savp;
        line.profile_text = "RTP/SAVP";
        for (std::size_t i = keys_.size(); i < how_.suites.size(); ++i)
            keys_.push_back(sip::new_crypto(static_cast<int>(i) + 1, how_.suites[i]));
        for (const auto& key : keys_) line.security.crypto.push_back(sip::write_crypto(key));
    } else if (how_.way == Way::dtls) {
        line.profile = sdp::Profile::dtls_savpf;
        line.profile_text = "UDP/TLS/RTP/SAVPF";
        write_dtls(line, "actpass");
    }
}

bool Encryption::takes(const sdp::Media& offered) const {
    if (how_.way == Way::sdes) return sip::best_crypto(offered.security.crypto).has_value();
    if (how_.way == Way::dtls) return offered.security.fingerprint.has_value();
    return offered.profile == sdp::Profile::avp;
}

media::Protection Encryption::answer(const sdp::Media& offered, sdp::Media& line) {
    line.profile = offered.profile;
    line.profile_text = offered.profile_text;
    line.rtcp_mux = offered.rtcp_mux && how_.rtcp_mux;
    if (how_.way == Way::sdes) {
        const auto theirs = *sip::best_crypto(offered.security.crypto);
        const bool kept = keys_.size() == 1 && keys_[0].suite == theirs.suite;
        keys_ = {sip::CryptoKey{theirs.tag, theirs.suite,
                                kept ? keys_[0].key : sip::new_crypto(1, theirs.suite).key}};
        line.security.crypto = {sip::write_crypto(keys_[0])};
        return {media::SdesKeys{theirs.suite, keys_[0].key, theirs.key}, {}};
    }
    if (how_.way != Way::dtls) return {};
    const bool connect = offered.security.setup != "active";
    write_dtls(line, connect ? "active" : "passive");
    return dtls_with(offered, connect);
}

media::Protection Encryption::settle(const sdp::Media& answered) {
    if (how_.way == Way::sdes && answered.security.crypto.size() == 1) {
        const auto theirs = sip::read_crypto(answered.security.crypto.front());
        if (!theirs) return {};
        const auto ours = std::ranges::find(keys_, theirs->tag, &sip::CryptoKey::tag);
        if (ours == keys_.end()) return {};
        const auto chosen = *ours;
        keys_.assign(1, chosen);
        return {media::SdesKeys{theirs->suite, chosen.key, theirs->key}, {}};
    }
    if (how_.way == Way::dtls && answered.security.fingerprint)
        return dtls_with(answered, answered.security.setup == "passive");
    return {};
}

void Encryption::write_dtls(sdp::Media& line, const char* setup) {
    line.security.fingerprint = fingerprint_;
    line.security.setup = setup;
    if (!how_.ice) return;
    if (ice_.fragment.empty()) ice_ = {sip::secret_word(8), sip::secret_word(24)};
    line.security.ice = ice_;
}

media::Protection Encryption::dtls_with(const sdp::Media& remote, bool we_connect) const {
    media::Protection agreed{media::DtlsPeer{*remote.security.fingerprint, we_connect}, {}};
    if (how_.ice && !remote.security.ice.fragment.empty()) agreed.ice = {ice_, remote.security.ice};
    return agreed;
}

}  // namespace patchbay::robot
