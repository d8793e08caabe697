#include "sip/sdes.hpp"

#include <algorithm>
#include <string_view>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "sip/secret.hpp"

namespace patchbay::sip {
namespace {

constexpr std::string_view inline_method = "inline:";

/// The bytes of `inline:KEY[|lifetime]`; nothing with a key index, or of another length than the suite's.
std::optional<std::string> key_bytes(std::string_view parameter, media::SrtpSuite suite) {
    if (!parameter.starts_with(inline_method) || parameter.find(';') != std::string_view::npos)
        return std::nullopt;
    const auto parts = split(parameter.substr(inline_method.size()), '|');
    const bool indexed = std::any_of(parts.begin() + 1, parts.end(), [](std::string_view part) {
        return part.find(':') != std::string_view::npos;
    });
    if (indexed) return std::nullopt;
    std::string text(parts.front());
    text.resize((text.size() + 3) / 4 * 4, '=');  // some leave the padding out
    auto bytes = from_base64(text);
    if (!bytes || bytes->size() != media::SrtpKey::size(suite)) return std::nullopt;
    return bytes;
}

/// WSH, FEC_ORDER and KDR=0 change nothing for us; all others change what a packet looks like.
bool harmless(std::string_view session_parameter) {
    return session_parameter.empty() || session_parameter.starts_with("WSH=") || session_parameter == "KDR=0";
}

}  // namespace

std::optional<CryptoKey> read_crypto(const sdp::Crypto& line) {
    const auto suite = media::srtp_suite_named(line.suite);
    if (!suite) return std::nullopt;
    const auto words = split(line.parameters, ' ');
    if (!std::all_of(words.begin() + 1, words.end(), harmless)) return std::nullopt;
    const auto bytes = key_bytes(words.front(), *suite);
    if (!bytes) return std::nullopt;
    CryptoKey read{line.tag, *suite, {}};
    std::ranges::copy(*bytes, read.key.bytes.begin());
    return read;
}

sdp::Crypto write_crypto(const CryptoKey& key) {
    const std::string_view bytes(reinterpret_cast<const char*>(key.key.bytes.data()),
                                 media::SrtpKey::size(key.suite));
    return {key.tag, std::string(media::name(key.suite)), std::string(inline_method) + base64(bytes)};
}

std::optional<CryptoKey> best_crypto(const std::vector<sdp::Crypto>& offered) {
    std::optional<CryptoKey> best;
    for (const sdp::Crypto& line : offered) {
        const auto key = read_crypto(line);
        if (key && (!best || key->suite < best->suite)) best = key;
    }
    return best;
}

CryptoKey new_crypto(int tag, media::SrtpSuite suite) {
    CryptoKey made{tag, suite, {}};
    fill_with_secrets(std::span(made.key.bytes).first(media::SrtpKey::size(suite)));
    return made;
}

}  // namespace patchbay::sip
