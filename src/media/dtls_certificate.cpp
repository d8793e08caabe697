#include "media/dtls_certificate.hpp"

#include <stdexcept>

#include <openssl/ec.h>
#include <openssl/rand.h>

namespace patchbay::media {

namespace {

constexpr long day = 24 * 3600, valid_days = 365;  // a clock that is a day late must not refuse us

bool fill_in(X509* certificate, EVP_PKEY* key) {
    std::uint64_t serial = 0;
    if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
    auto* name = X509_get_subject_name(certificate);
    const auto* patchbay = reinterpret_cast<const unsigned char*>("patchbay");
    return X509_set_version(certificate, X509_VERSION_3) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -day) != nullptr &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), valid_days * day) != nullptr &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, patchbay, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

}  // namespace

std::vector<std::uint8_t> der_of(X509* certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    if (size <= 0) return {};
    std::vector<std::uint8_t> der(bytes, bytes + size);
    OPENSSL_free(bytes);
    return der;
}

OwnCertificate make_certificate() {
    OwnCertificate own{CertificatePtr(X509_new()), KeyPtr(EVP_EC_gen("P-256"))};
    if (!own.certificate || !own.key || !fill_in(own.certificate.get(), own.key.get()))
        throw std::runtime_error("no certificate for DTLS can be made");
    return own;
}

}  // namespace patchbay::media
