// The digest headers as text, and the response computed from them.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/text.hpp"
#include "sip/digest.hpp"

namespace patchbay::sip {
namespace {

constexpr std::size_t longest_header = 4096, most_parameters = 32;

Error malformed(std::string text) {
    return {"digest_malformed", std::move(text)};
}
Error unsupported(std::string text) {
    return {"digest_unsupported", std::move(text)};
}

/// The parameters of one header, by name in lower case.
class Parameters {
  public:
    static Result<Parameters> read(std::string_view value);

    /// Empty when it is not there.
    const std::string& get(std::string_view name) const {
        static const std::string none;
        const auto found = std::ranges::find(list_, name, &Parameter::first);
        return found == list_.end() ? none : found->second;
    }
    bool has(std::string_view name) const {
        return std::ranges::find(list_, name, &Parameter::first) != list_.end();
    }

  private:
    using Parameter = std::pair<std::string, std::string>;
    bool read_one(std::string_view& rest);
    static bool read_quoted(std::string_view& rest, std::string& value);

    std::vector<Parameter> list_;
};

std::string_view skip(std::string_view text, std::string_view what) {
    return text.substr(std::min(text.find_first_not_of(what), text.size()));
}

bool Parameters::read_quoted(std::string_view& rest, std::string& value) {
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return true;
        }
        if (rest[i] == '\\' && ++i == rest.size()) return false;
        value += rest[i];
    }
    return false;
}

bool Parameters::read_one(std::string_view& rest) {
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return false;
    std::string name = lower(trim(rest.substr(0, equals)));
    if (name.empty() || has(name) || list_.size() == most_parameters) return false;
    rest = skip(rest.substr(equals + 1), " \t\r\n");
    std::string value;
    if (!rest.empty() && rest.front() == '"') {
        if (!read_quoted(rest, value)) return false;
    } else {
        const std::string_view token = rest.substr(0, rest.find(','));
        rest.remove_prefix(token.size());
        value = trim(token);
    }
    rest = skip(rest, " \t\r\n");
    if (!rest.empty() && rest.front() != ',') return false;
    list_.emplace_back(std::move(name), std::move(value));
    rest = skip(rest, ", \t\r\n");
    return true;
}

Result<Parameters> Parameters::read(std::string_view value) {
    if (value.size() > longest_header) return malformed("the digest header is too long");
    value = trim(value);
    const std::string_view scheme = value.substr(0, value.find_first_of(" \t"));
    if (!iequals(scheme, "Digest")) return unsupported("the scheme is not Digest");
    std::string_view rest = skip(value.substr(scheme.size()), ", \t\r\n");
    Parameters parameters;
    while (!rest.empty())
        if (!parameters.read_one(rest)) return malformed("the digest header's parameters cannot be read");
    const auto unprintable = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    for (const auto& [name, content] : parameters.list_)
        if (std::ranges::any_of(content, unprintable))
            return malformed("a digest parameter has control characters");
    return parameters;
}

Result<DigestAlgorithm> algorithm_of(const Parameters& parameters) {
    const std::string& name = parameters.get("algorithm");
    if (name.empty() || iequals(name, "MD5")) return DigestAlgorithm::md5;
    if (iequals(name, "SHA-256")) return DigestAlgorithm::sha256;
    return unsupported("the digest algorithm is neither MD5 nor SHA-256");
}

bool lists_auth(std::string_view qop) {
    return std::ranges::any_of(split(qop, ','),
                               [](std::string_view one) { return iequals(trim(one), "auth"); });
}

std::string quoted_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out += '"';
}

std::string hash(DigestAlgorithm algorithm, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), bytes.data(), &size,
               algorithm == DigestAlgorithm::md5 ? EVP_md5() : EVP_sha256(), nullptr);
    std::string raw(bytes.begin(), bytes.begin() + size);
    return hex(raw);
}

}  // namespace

std::string_view word(DigestAlgorithm algorithm) {
    return algorithm == DigestAlgorithm::md5 ? "MD5" : "SHA-256";
}

std::vector<DigestAlgorithm> digest_algorithms(std::span<const std::string> names) {
    std::vector<DigestAlgorithm> algorithms;
    for (const auto& name : names) {
        for (const auto algorithm : {DigestAlgorithm::md5, DigestAlgorithm::sha256}) {
            if (name == word(algorithm)) algorithms.push_back(algorithm);
        }
    }
    return algorithms;
}

Result<DigestChallenge> parse_challenge(std::string_view value) {
    const auto parameters = Parameters::read(value);
    if (!parameters) return parameters.error();
    const auto algorithm = algorithm_of(*parameters);
    if (!algorithm) return algorithm.error();
    DigestChallenge challenge;
    challenge.realm = parameters->get("realm");
    challenge.nonce = parameters->get("nonce");
    challenge.opaque = parameters->get("opaque");
    challenge.algorithm = *algorithm;
    challenge.qop_auth = lists_auth(parameters->get("qop"));
    challenge.stale = iequals(parameters->get("stale"), "true");
    if (!parameters->has("realm") || challenge.nonce.empty())
        return malformed("the challenge has no realm or nonce");
    if (parameters->has("qop") && !challenge.qop_auth)
        return unsupported("the challenge's quality of protection is not auth");
    return challenge;
}

Result<DigestCredentials> parse_credentials(std::string_view value) {
    const auto parameters = Parameters::read(value);
    if (!parameters) return parameters.error();
    const auto algorithm = algorithm_of(*parameters);
    if (!algorithm) return algorithm.error();
    DigestCredentials credentials;
    credentials.username = parameters->get("username");
    credentials.realm = parameters->get("realm");
    credentials.nonce = parameters->get("nonce");
    credentials.uri = parameters->get("uri");
    credentials.response = lower(parameters->get("response"));
    credentials.cnonce = parameters->get("cnonce");
    credentials.opaque = parameters->get("opaque");
    credentials.algorithm = *algorithm;
    for (const std::string_view name : {"username", "realm", "nonce", "uri", "response"})
        if (!parameters->has(name)) return malformed(fmt::format("the credentials have no {}", name));
    if (!parameters->has("qop")) return credentials;

    if (!iequals(parameters->get("qop"), "auth"))
        return unsupported("the credentials' quality of protection is not auth");
    credentials.qop_auth = true;
    const std::string& count = parameters->get("nc");
    const auto [end, failed] =
        std::from_chars(count.data(), count.data() + count.size(), credentials.nonce_count, 16);
    if (failed != std::errc{} || end != count.data() + count.size() || credentials.nonce_count == 0)
        return malformed("the credentials' nonce count is no number above 0");
    if (credentials.cnonce.empty()) return malformed("the credentials have no cnonce");
    return credentials;
}

std::string write(const DigestChallenge& challenge) {
    std::string out = fmt::format("Digest realm={}, nonce={}, algorithm={}", quoted_string(challenge.realm),
                                  quoted_string(challenge.nonce), word(challenge.algorithm));
    if (!challenge.opaque.empty()) out += ", opaque=" + quoted_string(challenge.opaque);
    if (challenge.qop_auth) out += ", qop=\"auth\"";
    if (challenge.stale) out += ", stale=true";
    return out;
}

std::string write(const DigestCredentials& credentials) {
    std::string out =
        fmt::format("Digest username={}, realm={}, nonce={}, uri={}, response=\"{}\", algorithm={}",
                    quoted_string(credentials.username), quoted_string(credentials.realm),
                    quoted_string(credentials.nonce), quoted_string(credentials.uri), credentials.response,
                    word(credentials.algorithm));
    if (!credentials.opaque.empty()) out += ", opaque=" + quoted_string(credentials.opaque);
    if (credentials.qop_auth)
        out += fmt::format(", cnonce={}, qop=auth, nc={:08x}", quoted_string(credentials.cnonce),
                           credentials.nonce_count);
    return out;
}

std::string digest_response(const DigestCredentials& credentials, std::string_view password,
                            std::string_view method) {
    const auto algorithm = credentials.algorithm;
    const std::string a1 =
        hash(algorithm, fmt::format("{}:{}:{}", credentials.username, credentials.realm, password));
    const std::string a2 = hash(algorithm, fmt::format("{}:{}", method, credentials.uri));
    if (!credentials.qop_auth) return hash(algorithm, fmt::format("{}:{}:{}", a1, credentials.nonce, a2));
    return hash(algorithm, fmt::format("{}:{}:{:08x}:{}:auth:{}", a1, credentials.nonce,
                                       credentials.nonce_count, credentials.cnonce, a2));
}

}  // namespace patchbay::sip
