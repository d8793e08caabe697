// A TLS certificate of the test's own making, for an hour.
#pragma once

#include <cstdio>
#include <filesystem>
#include <random>
#include <string>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "config/config.hpp"

namespace patchbay::support {

/// Self-signed, in a folder that goes with this object.
class Certificate {
  public:
    Certificate()
        : folder_(std::filesystem::temp_directory_path() /
                  ("patchbay-certificate-" + std::to_string(std::random_device{}()))) {
        std::filesystem::create_directories(folder_);
        EVP_PKEY* key = EVP_EC_gen("P-256");
        X509* certificate = X509_new();
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
        X509_set_pubkey(certificate, key);
        X509_sign(certificate, key, EVP_sha256());
        std::FILE* out = std::fopen(files().certificate.c_str(), "w");
        PEM_write_X509(out, certificate);
        std::fclose(out);
        out = std::fopen(files().key.c_str(), "w");
        PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(out);
        X509_free(certificate);
        EVP_PKEY_free(key);
    }
    ~Certificate() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    Certificate(const Certificate&) = delete;
    Certificate& operator=(const Certificate&) = delete;

    config::TlsFiles files() const {
        return {(folder_ / "certificate.pem").string(), (folder_ / "key.pem").string()};
    }

  private:
    std::filesystem::path folder_;
};

}  // namespace patchbay::support
