// Digest authentication (RFC 7616, 8760; RFC 3261, section 22), header text in and out. The server's nonces
// are signed with their time, so that none is kept before it was used with a right password. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace patchbay::sip {

enum class DigestAlgorithm : std::uint8_t { md5, sha256 };

/// As SIP writes it: "MD5", "SHA-256".
std::string_view word(DigestAlgorithm algorithm);
/// The algorithms of those names, in their order; other names are left out.
std::vector<DigestAlgorithm> digest_algorithms(std::span<const std::string> names);

/// A WWW-Authenticate or Proxy-Authenticate header's content.
struct DigestChallenge {
    std::string realm, nonce, opaque;
    DigestAlgorithm algorithm = DigestAlgorithm::md5;
    bool qop_auth = false;
    bool stale = false;
};

/// An Authorization or Proxy-Authorization header's content.
struct DigestCredentials {
    std::string username, realm, nonce, uri, response, cnonce, opaque;
    DigestAlgorithm algorithm = DigestAlgorithm::md5;
    bool qop_auth = false;
    std::uint32_t nonce_count = 0;
};

/// Header value (from "Digest" on) to fields. Error codes: `digest_malformed`, and `digest_unsupported` for
/// another scheme, algorithm or quality of protection.
Result<DigestChallenge> parse_challenge(std::string_view value);
Result<DigestCredentials> parse_credentials(std::string_view value);
std::string write(const DigestChallenge& challenge);
std::string write(const DigestCredentials& credentials);

/// The response that proves `password` for these credentials and method (RFC 7616, section 3.4.1).
std::string digest_response(const DigestCredentials& credentials, std::string_view password,
                            std::string_view method);

/// What became of one request's credentials.
enum class DigestVerdict : std::uint8_t {
    accepted,
    absent,     ///< none for our realm: challenge
    stale,      ///< right password, nonce too old or used up: challenge again with stale=true
    refused,    ///< wrong password or unknown user
    throttled,  ///< too many wrong ones from there: not even looked at
    malformed,  ///< 400
};

struct DigestLimits {
    Seconds nonce_lifetime{600};
    int free_failures = 5;          ///< wrong passwords for one user from one source before it must wait
    int free_source_failures = 50;  ///< the same for all users from one source
    Seconds longest_wait{300};      ///< waits begin at 1 s and double up to this
    std::size_t sources = 20000;    ///< remembered at most
};

/// Challenges and checks, for one node.
class DigestServer {
  public:
    using Limits = DigestLimits;
    /// What is to be proven. `source` is the peer's address without its port.
    struct Request {
        std::string_view method;
        std::string_view uri;  ///< Request-URI; the credentials' must be equivalent (RFC 7616, section 3.4.6)
        std::string_view realm;
        std::string_view source;
    };
    struct Outcome {
        DigestVerdict verdict = DigestVerdict::absent;
        std::string username;   ///< proven when accepted
        Seconds retry_after{};  ///< for throttled
    };
    /// The password of that user; nothing when there is none.
    using Passwords = std::function<std::optional<std::string>(std::string_view username)>;

    /// Signs nonces with a key made at random: those of an earlier process are stale.
    explicit DigestServer(Clock& clock, Limits limits = {});

    /// What is challenged from now on, in that order; what is answered may be either. Both by default.
    void offer(std::vector<DigestAlgorithm> algorithms) { offered_ = std::move(algorithms); }
    /// A header value for each algorithm offered (RFC 8760, section 2.3).
    std::vector<std::string> challenges(std::string_view realm, bool stale = false);

    /// `values`: the request's Authorization (or Proxy-Authorization) headers; the first for the realm
    /// counts.
    Outcome check(const Request& request, std::span<const std::string> values, const Passwords& passwords);

  private:
    std::vector<DigestAlgorithm> offered_{DigestAlgorithm::sha256, DigestAlgorithm::md5};

    struct Uses {
        std::uint32_t highest = 0;
        std::uint64_t window = 0;  ///< bit n: highest - n was used
    };
    struct Failures {
        int count = 0;
        Ticks last{}, wait_until{};
    };

    std::string make_nonce(std::string_view realm);
    bool ours(std::string_view nonce, std::string_view realm) const;
    bool fresh(std::string_view nonce) const;
    bool first_use(const DigestCredentials& credentials);
    std::optional<Seconds> must_wait(const std::string& key);
    void count_failure(const std::string& key, int free);
    void forget_old();
    Outcome judge(const Request& request, const DigestCredentials& credentials, const Passwords& passwords);

    Clock& clock_;
    Limits limits_;
    std::string key_;
    Ticks uses_turned_{};
    std::unordered_map<std::string, Uses> uses_, old_uses_;  ///< turned over once a nonce's lifetime
    std::unordered_map<std::string, Failures> failures_;
};

/// Answers challenges with one user's password.
class DigestClient {
  public:
    DigestClient(std::string user, std::string password);

    /// Remembers the best of a 401's or 407's challenges (SHA-256 before MD5). False when none can be
    /// answered, or when the same credentials were already refused: trying again would not help.
    bool take(std::span<const std::string> challenges);
    /// The header value for the next request; nothing when no challenge was taken. Counts nonce uses.
    std::optional<std::string> authorization(std::string_view method, std::string_view uri);
    /// The credentials were good: a later challenge, stale or not, may be answered again.
    void accepted() { tried_ = false; }

  private:
    std::string user_, password_;
    std::optional<DigestChallenge> challenge_;
    std::uint32_t nonce_count_ = 0;
    bool tried_ = false;
};

}  // namespace patchbay::sip
