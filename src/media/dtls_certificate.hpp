// Certificates for DTLS: one of our own made, a peer's read. Brings in OpenSSL: for .cpp files of this room.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace patchbay::media {

struct CertificateDeleter {
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using CertificatePtr = std::unique_ptr<X509, CertificateDeleter>;
using KeyPtr = std::unique_ptr<EVP_PKEY, CertificateDeleter>;

std::vector<std::uint8_t> der_of(X509* certificate);

struct OwnCertificate {
    CertificatePtr certificate;
    KeyPtr key;
    std::vector<std::uint8_t> der() const { return der_of(certificate.get()); }
};

/// A new key on P-256 and a certificate for it signed by itself, telling nothing of us, good for a year.
/// Throws std::runtime_error when OpenSSL cannot.
OwnCertificate make_certificate();

}  // namespace patchbay::media
