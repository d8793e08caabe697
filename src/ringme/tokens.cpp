#include "ringme/tokens.hpp"

#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace patchbay::ringme {
namespace {

constexpr std::size_t signature_size = 32;
constexpr char separator = '\n';

std::string payload_of(const Claims& claims) {
    std::string text;
    for (const auto& part : {claims.domain, claims.application, std::to_string(static_cast<int>(claims.kind)),
                             claims.user, claims.scope}) {
        text.append(part).push_back(separator);
    }
    return text + std::to_string(claims.expires.time_since_epoch().count());
}

std::optional<Claims> claims_of(std::string_view payload) {
    const auto parts = split(payload, separator);
    if (parts.size() != 6) return std::nullopt;
    const auto kind = to_number(parts[2]), expires = to_number(parts[5]);
    if (!kind || *kind < 0 || *kind > 2 || !expires) return std::nullopt;
    return Claims{std::string(parts[0]), std::string(parts[1]), static_cast<Claims::User>(*kind),
                  std::string(parts[3]), std::string(parts[4]), Time{Milliseconds{*expires}}};
}

}  // namespace

std::string Tokens::sign(std::string_view payload, std::string_view secret) const {
    auto text = std::to_string(secret.size());
    text.append(":").append(secret).append(payload);
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
    return {mac.begin(), mac.begin() + size};
}

std::string Tokens::issue(const Claims& claims, std::string_view secret) const {
    const auto payload = payload_of(claims);
    return base64(sign(payload, secret) + payload);
}

std::optional<Claims> Tokens::read(std::string_view token, Time now, const Secret& secret) const {
    const auto bytes = from_base64(token);
    if (!bytes || bytes->size() <= signature_size) return std::nullopt;
    const auto payload = std::string_view(*bytes).substr(signature_size);
    auto claims = claims_of(payload);
    if (!claims || claims->expires <= now) return std::nullopt;
    const auto known = secret(*claims);
    if (!known) return std::nullopt;
    const auto signature = std::string_view(*bytes).substr(0, signature_size);
    if (!equal_in_constant_time(signature, sign(payload, *known))) return std::nullopt;
    return claims;
}

}  // namespace patchbay::ringme
