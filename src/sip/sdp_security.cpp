#include "sip/sdp_security.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/text.hpp"

namespace patchbay::sip::sdp {
namespace {

constexpr std::size_t longest_hash = 16, longest_digest = 3 * 64;
constexpr std::size_t longest_ice = 256;  ///< RFC 8839, section 5.4

bool is_hex_pairs(std::string_view text) {
    if (text.empty() || text.size() > longest_digest || text.size() % 3 != 2) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool good =
            i % 3 == 2 ? text[i] == ':' : std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
        if (!good) return false;
    }
    return true;
}

bool is_ice_text(std::string_view text, std::size_t least) {
    return text.size() >= least && text.size() <= longest_ice && std::ranges::all_of(text, [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/' || c == '=' ||
                      c == '-' || c == '_';
           });
}

void read_crypto(Security& security, std::string_view value) {
    if (security.crypto.size() == Limits::crypto) return;
    const auto tag_end = std::min(value.find(' '), value.size());
    const auto tag = to_number(value.substr(0, tag_end));
    value = trim(value.substr(tag_end));
    const auto suite_end = value.find(' ');
    if (!tag || *tag < 0 || *tag > 999'999'999 || suite_end == std::string_view::npos) return;
    security.crypto.push_back({static_cast<int>(*tag), std::string(value.substr(0, suite_end)),
                               std::string(trim(value.substr(suite_end)))});
}

void read_fingerprint(Security& security, std::string_view value) {
    const auto end = value.find(' ');
    if (end > longest_hash) return;  // or not there at all
    const auto digits = trim(value.substr(end));
    if (!is_hex_pairs(digits)) return;
    media::Fingerprint fingerprint{lower(value.substr(0, end)), std::string(digits)};
    std::ranges::transform(fingerprint.value, fingerprint.value.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    // Of several, the hash we make ourselves is the one we check.
    if (!security.fingerprint || fingerprint.hash == "sha-256") security.fingerprint = std::move(fingerprint);
}

}  // namespace

bool read_security(Security& security, std::string_view name, std::string_view value) {
    if (name == "crypto") {
        read_crypto(security, value);
    } else if (name == "fingerprint") {
        read_fingerprint(security, value);
    } else if (name == "setup") {
        security.setup = lower(value.substr(0, value.find(' ')));
    } else if (name == "ice-ufrag") {
        if (is_ice_text(value, 4)) security.ice.fragment = value;
    } else if (name == "ice-pwd") {
        if (is_ice_text(value, 22)) security.ice.password = value;
    } else {
        return false;
    }
    return true;
}

void inherit_security(Security& media, const Security& body) {
    if (!media.fingerprint) media.fingerprint = body.fingerprint;
    if (media.setup.empty()) media.setup = body.setup;
    if (media.ice.fragment.empty()) media.ice.fragment = body.ice.fragment;
    if (media.ice.password.empty()) media.ice.password = body.ice.password;
}

void write_security(std::string& out, const Security& security) {
    auto to = std::back_inserter(out);
    for (const Crypto& crypto : security.crypto)
        fmt::format_to(to, "a=crypto:{} {} {}\r\n", crypto.tag, crypto.suite, crypto.parameters);
    if (security.fingerprint)
        fmt::format_to(to, "a=fingerprint:{} {}\r\n", security.fingerprint->hash,
                       security.fingerprint->value);
    if (!security.setup.empty()) fmt::format_to(to, "a=setup:{}\r\n", security.setup);
    if (!security.ice.fragment.empty()) fmt::format_to(to, "a=ice-ufrag:{}\r\n", security.ice.fragment);
    if (!security.ice.password.empty()) fmt::format_to(to, "a=ice-pwd:{}\r\n", security.ice.password);
    for (const auto& candidate : security.candidates) fmt::format_to(to, "a=candidate:{}\r\n", candidate);
    if (!security.candidates.empty()) out += "a=end-of-candidates\r\n";
}

}  // namespace patchbay::sip::sdp
