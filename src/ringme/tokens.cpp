#include "ringme/tokens.hpp"

#include <array>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.hpp"
#include "base/descriptor.hpp"
#include "base/text.hpp"

namespace patchbay::ringme {
namespace {

constexpr std::size_t key_size = 32, signature_size = 32;
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

std::string random_key() {
    std::array<unsigned char, key_size> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw std::runtime_error("the system gives no random bytes");
    }
    return {bytes.begin(), bytes.end()};
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

std::string load_token_key(const std::filesystem::path& file) {
    if (file.empty()) return random_key();
    const auto fail = [&] {
        return std::runtime_error("cannot read or make the token key " + file.string());
    };
    if (std::filesystem::exists(file)) {
        std::ifstream in(file, std::ios::binary);
        std::string key(key_size, '\0');
        if (!in.read(key.data(), key_size)) throw fail();
        return key;
    }
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
    const auto key = random_key();
    const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!out || ::write(out.get(), key.data(), key.size()) != static_cast<ssize_t>(key.size())) throw fail();
    return key;
}

}  // namespace patchbay::ringme
