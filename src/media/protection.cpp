#include "media/protection.hpp"

#include "base/text.hpp"

namespace patchbay::media {

std::string_view name(SrtpSuite suite) {
    return suite == SrtpSuite::aead_aes_128_gcm ? "AEAD_AES_128_GCM" : "AES_CM_128_HMAC_SHA1_80";
}

std::optional<SrtpSuite> srtp_suite_named(std::string_view text) {
    for (const auto suite : {SrtpSuite::aead_aes_128_gcm, SrtpSuite::aes_cm_128_hmac_sha1_80})
        if (iequals(name(suite), text)) return suite;
    return std::nullopt;
}

}  // namespace patchbay::media
