#include <random>
#include <utility>

#include "base/text.hpp"
#include "sip/digest.hpp"

namespace patchbay::sip {
namespace {

std::string make_cnonce() {
    std::random_device device;
    return hex16(std::uint64_t{device()} << 32 | device());
}

}  // namespace

DigestClient::DigestClient(std::string user, std::string password)
    : user_(std::move(user)), password_(std::move(password)) {}

bool DigestClient::take(std::span<const std::string> challenges) {
    std::optional<DigestChallenge> best;
    for (const std::string& value : challenges) {
        auto challenge = parse_challenge(value);
        if (challenge && (!best || challenge->algorithm > best->algorithm)) best = std::move(*challenge);
    }
    if (!best || (tried_ && !best->stale)) return false;
    challenge_ = std::move(best);
    nonce_count_ = 0;
    return true;
}

std::optional<std::string> DigestClient::authorization(std::string_view method, std::string_view uri) {
    if (!challenge_) return std::nullopt;
    DigestCredentials credentials;
    credentials.username = user_;
    credentials.realm = challenge_->realm;
    credentials.nonce = challenge_->nonce;
    credentials.opaque = challenge_->opaque;
    credentials.algorithm = challenge_->algorithm;
    credentials.uri = uri;
    // Only a challenge's first answer says whether the password is good: a later 401 may mean no more than an
    // old nonce, even from servers that forget stale=true.
    tried_ = ++nonce_count_ == 1;
    if (challenge_->qop_auth) {
        credentials.qop_auth = true;
        credentials.cnonce = make_cnonce();
        credentials.nonce_count = nonce_count_;
    }
    credentials.response = digest_response(credentials, password_, method);
    return write(credentials);
}

}  // namespace patchbay::sip
