#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/text.hpp"
#include "sip/digest.hpp"
#include "sip/name_addr.hpp"

namespace patchbay::sip {
namespace {

// A nonce: 16 hex digits of milliseconds since 1970, 16 at random, 32 of the signature.
constexpr std::size_t time_digits = 16, stamp_digits = 32, signature_digits = 32;
constexpr std::uint32_t window_size = 64;

std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1)
        throw std::runtime_error("no random bytes for digest nonces");
    return bytes;
}

std::string signature(const std::string& key, std::string_view stamp, std::string_view realm) {
    const std::string text = std::string(stamp) + ':' + std::string(realm);
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data(), &size);
    return hex(std::string(bytes.begin(), bytes.begin() + signature_digits / 2));
}

/// User and host of a SIP URI, which is what must be the same in Request-URI and credentials: ports and
/// parameters are rewritten on the way by more proxies than not.
std::string core(std::string_view uri) {
    uri = uri.substr(uri.find(':') + 1);
    uri = uri.substr(0, uri.find_first_of(";?>"));
    const std::size_t at = uri.rfind('@');
    const std::string_view user = at == std::string_view::npos ? std::string_view{} : uri.substr(0, at);
    std::string_view host = at == std::string_view::npos ? uri : uri.substr(at + 1);
    const std::size_t bracket = host.find(']');
    host = host.substr(0, bracket == std::string_view::npos ? host.find(':') : bracket + 1);
    return unescaped(user) + '@' + lower(host);
}

}  // namespace

DigestServer::DigestServer(Clock& clock, Limits limits)
    : clock_(clock), limits_(limits), key_(random_bytes(32)), uses_turned_(clock.ticks()) {}

std::string DigestServer::make_nonce(std::string_view realm) {
    const auto now = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count());
    const std::string stamp = hex16(now) + hex(random_bytes((stamp_digits - time_digits) / 2));
    return stamp + signature(key_, stamp, realm);
}

bool DigestServer::ours(std::string_view nonce, std::string_view realm) const {
    if (nonce.size() != stamp_digits + signature_digits) return false;
    return equal_in_constant_time(nonce.substr(stamp_digits),
                                  signature(key_, nonce.substr(0, stamp_digits), realm));
}

/// Only for a nonce of ours, so that the digits are sound.
bool DigestServer::fresh(std::string_view nonce) const {
    std::uint64_t made = 0;
    std::from_chars(nonce.data(), nonce.data() + time_digits, made, 16);
    const Time time{Milliseconds{made}};
    return clock_.now() - time < limits_.nonce_lifetime;
}

std::vector<std::string> DigestServer::challenges(std::string_view realm, bool stale) {
    DigestChallenge challenge;
    challenge.realm = realm;
    challenge.nonce = make_nonce(realm);
    challenge.qop_auth = true;
    challenge.stale = stale;
    std::vector<std::string> values;
    for (const auto algorithm : offered_) {
        challenge.algorithm = algorithm;
        values.push_back(write(challenge));
    }
    return values;
}

DigestServer::Outcome DigestServer::check(const Request& request, std::span<const std::string> values,
                                          const Passwords& passwords) {
    bool malformed = false;
    for (const std::string& value : values) {
        const auto credentials = parse_credentials(value);
        if (credentials && credentials->realm == request.realm)
            return judge(request, *credentials, passwords);
        malformed |= !credentials && credentials.error().code == "digest_malformed";
    }
    return {malformed ? DigestVerdict::malformed : DigestVerdict::absent, {}, {}};
}

DigestServer::Outcome DigestServer::judge(const Request& request, const DigestCredentials& credentials,
                                          const Passwords& passwords) {
    forget_old();
    const std::string source(request.source);
    const std::string user_at_source = source + '|' + credentials.username;
    for (const std::string& key : {user_at_source, source})
        if (const auto wait = must_wait(key)) return {DigestVerdict::throttled, {}, *wait};
    if (core(credentials.uri) != core(request.uri)) return {DigestVerdict::malformed, {}, {}};

    // An unknown user takes the same work as a wrong password.
    const auto password = passwords(credentials.username);
    const std::string expected = digest_response(credentials, password.value_or("none"), request.method);
    if (!equal_in_constant_time(expected, credentials.response) || !password) {
        count_failure(user_at_source, limits_.free_failures);
        count_failure(source, limits_.free_source_failures);
        return {DigestVerdict::refused, {}, {}};
    }
    if (!ours(credentials.nonce, request.realm) || !fresh(credentials.nonce) || !first_use(credentials))
        return {DigestVerdict::stale, {}, {}};
    failures_.erase(user_at_source);
    return {DigestVerdict::accepted, credentials.username, {}};
}

/// Each nonce count once, in any order within a window; without counts (RFC 2069) each nonce once.
bool DigestServer::first_use(const DigestCredentials& credentials) {
    const std::uint32_t count = credentials.qop_auth ? credentials.nonce_count : 1;
    if (const auto old = old_uses_.find(credentials.nonce); old != old_uses_.end()) {
        uses_.insert(*old);
        old_uses_.erase(old);
    }
    Uses& uses = uses_[credentials.nonce];
    if (count > uses.highest) {
        const std::uint32_t step = count - uses.highest;
        uses.window = step < window_size ? uses.window << step : 0;
        uses.window |= 1;
        uses.highest = count;
        return true;
    }
    const std::uint32_t back = uses.highest - count;
    if (back >= window_size || (uses.window >> back & 1) != 0) return false;
    uses.window |= std::uint64_t{1} << back;
    return true;
}

std::optional<Seconds> DigestServer::must_wait(const std::string& key) {
    const auto found = failures_.find(key);
    if (found == failures_.end() || found->second.wait_until <= clock_.ticks()) return std::nullopt;
    return std::chrono::ceil<Seconds>(found->second.wait_until - clock_.ticks());
}

void DigestServer::count_failure(const std::string& key, int free) {
    if (failures_.size() >= limits_.sources && !failures_.contains(key)) failures_.erase(failures_.begin());
    Failures& failures = failures_[key];
    failures.last = clock_.ticks();
    if (++failures.count < free) return;
    constexpr int most_doublings = 20;
    const int doublings = std::min(failures.count - free, most_doublings);
    const Seconds wait = std::min(Seconds{std::int64_t{1} << doublings}, limits_.longest_wait);
    failures.wait_until = failures.last + wait;
}

/// Once a nonce's lifetime: what is older than that can prove nothing any more.
void DigestServer::forget_old() {
    const Ticks now = clock_.ticks();
    if (now - uses_turned_ < limits_.nonce_lifetime) return;
    const bool long_ago = now - uses_turned_ >= 2 * limits_.nonce_lifetime;
    old_uses_ = long_ago ? decltype(uses_){} : std::move(uses_);
    uses_.clear();
    uses_turned_ = now;
    std::erase_if(failures_,
                  [&](const auto& entry) { return now - entry.second.last > 2 * limits_.longest_wait; });
}

}  // namespace patchbay::sip
