#include "media/dtls.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include "base/metrics.hpp"
#include "base/text.hpp"
#include "media/dtls_certificate.hpp"

namespace patchbay::media {

namespace {

constexpr long largest_datagram = 1200;                        // bytes: passes every way there is
constexpr long longest_chain = 16 * 1024;                      // bytes of certificates a peer may send
constexpr const char* exporter_label = "EXTRACTOR-dtls_srtp";  // RFC 5764, section 4.2

/// Any certificate will do as long as its fingerprint is the one signalled, which settle() checks.
int accept_any(int /*fine*/, X509_STORE_CTX* /*store*/) {
    return 1;
}

ssl_ctx_st* make_context(X509* certificate, EVP_PKEY* key) {
    auto* context = SSL_CTX_new(DTLS_method());
    if (context == nullptr) return nullptr;
    SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
    SSL_CTX_set_max_cert_list(context, longest_chain);
    SSL_CTX_set_read_ahead(context, 1);
    const bool done =
        SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1 &&
        SSL_CTX_set1_groups_list(context, "X25519:P-256") == 1 &&
        SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES") == 1 &&
        SSL_CTX_set_tlsext_use_srtp(context, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80") == 0;
    if (done) return context;
    SSL_CTX_free(context);
    return nullptr;
}

/// Microseconds until a flight is repeated: a second, as RFC 6347 has it, is a second of silence in a call.
unsigned next_timeout(SSL* /*fine*/, unsigned last) {
    constexpr unsigned first = 100'000, most = 3'200'000;
    return last == 0 ? first : std::min(2 * last, most);
}

metrics::Counter& handshakes(const char* result) {
    return metrics::counter("patchbay_dtls_handshakes_total", "DTLS handshakes of media ended, by their end",
                            {{"result", result}});
}

const EVP_MD* digest_named(const std::string& hash) {
    if (hash == "sha-256") return EVP_sha256();
    if (hash == "sha-384") return EVP_sha384();
    return hash == "sha-512" ? EVP_sha512() : nullptr;
}

}  // namespace

/// OpenSSL's view of the datagrams: what came is read once, what it writes is kept until it is sent.
struct DtlsAssociation::Pipe {
    std::span<const std::uint8_t> incoming;
    std::vector<std::vector<std::uint8_t>> outgoing;

    static BIO* make(Pipe& pipe);
    static Pipe& of(BIO* bio) { return *static_cast<Pipe*>(BIO_get_data(bio)); }
    static int write(BIO* bio, const char* data, int size) {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(data);
        of(bio).outgoing.emplace_back(bytes, bytes + size);
        return size;
    }
    static int read(BIO* bio, char* to, int room) {
        BIO_clear_retry_flags(bio);
        auto& waiting = of(bio).incoming;
        if (waiting.empty()) {
            BIO_set_retry_read(bio);
            return -1;
        }
        const auto size = std::min(waiting.size(), static_cast<std::size_t>(room));
        std::memcpy(to, waiting.data(), size);
        waiting = {};
        return static_cast<int>(size);
    }
    static long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
        return command == BIO_CTRL_FLUSH ? 1 : 0;
    }
};

BIO* DtlsAssociation::Pipe::make(Pipe& pipe) {
    static BIO_METHOD* const method = [] {
        auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams");
        BIO_meth_set_write(made, write);
        BIO_meth_set_read(made, read);
        BIO_meth_set_ctrl(made, control);
        return made;
    }();
    BIO* bio = BIO_new(method);
    BIO_set_data(bio, &pipe);
    BIO_set_init(bio, 1);
    return bio;
}

DtlsIdentity::DtlsIdentity() {
    const auto own = make_certificate();
    context_ = make_context(own.certificate.get(), own.key.get());
    if (context_ == nullptr) throw std::runtime_error("DTLS cannot be had from OpenSSL");
    fingerprint_ = std::make_shared<const Fingerprint>(fingerprint_of(own.der(), "sha-256").value());
}

DtlsIdentity::~DtlsIdentity() {
    SSL_CTX_free(context_);
}

DtlsAssociation::DtlsAssociation(const DtlsIdentity& identity, const DtlsPeer& peer)
    : peer_(peer), pipe_(std::make_unique<Pipe>()), ssl_(SSL_new(identity.context())) {
    if (ssl_ == nullptr) {
        state_ = State::failed;
        return;
    }
    BIO* bio = Pipe::make(*pipe_);
    SSL_set_bio(ssl_, bio, bio);
    SSL_set_mtu(ssl_, largest_datagram);
    DTLS_set_timer_cb(ssl_, next_timeout);
    if (peer.we_connect) {
        SSL_set_connect_state(ssl_);
    } else {
        SSL_set_accept_state(ssl_);
    }
}

DtlsAssociation::~DtlsAssociation() {
    SSL_free(ssl_);
}

void DtlsAssociation::start(const Send& send) {
    if (started_ || !peer_.we_connect || state_ != State::handshake) return;
    started_ = true;
    go_on(send);
}

void DtlsAssociation::receive(std::span<const std::uint8_t> datagram, const Send& send) {
    if (state_ == State::failed) return;
    started_ = true;
    pipe_->incoming = datagram;
    go_on(send);
    pipe_->incoming = {};
}

void DtlsAssociation::repeat(const Send& send) {
    timeval left{};
    if (state_ != State::handshake || !started_ || DTLSv1_get_timeout(ssl_, &left) == 0) return;
    if (left.tv_sec != 0 || left.tv_usec != 0) return;
    ERR_clear_error();
    if (DTLSv1_handle_timeout(ssl_) < 0) state_ = State::failed;
    go_on(send);
}

/// Lets OpenSSL do what it can with what has come. Records after the handshake (a repeated last flight, an
/// alert) are its own business.
void DtlsAssociation::go_on(const Send& send) {
    ERR_clear_error();
    std::array<char, 256> unwanted{};
    const int done = state_ == State::handshake
                         ? SSL_do_handshake(ssl_)
                         : SSL_read(ssl_, unwanted.data(), static_cast<int>(unwanted.size()));
    const int error = SSL_get_error(ssl_, done);
    if (state_ == State::handshake) {
        if (done == 1) {
            settle();
        } else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
            state_ = State::failed;
            handshakes("failed").add();
        }
    }
    for (const auto& datagram : pipe_->outgoing) send(datagram);
    pipe_->outgoing.clear();
}

void DtlsAssociation::settle() {
    if (is_peer()) keys_ = export_keys();
    state_ = keys_ ? State::agreed : State::failed;
    handshakes(keys_ ? "agreed" : "refused").add();
    if (!keys_) SSL_shutdown(ssl_);
}

bool DtlsAssociation::is_peer() const {
    const CertificatePtr certificate(SSL_get1_peer_certificate(ssl_));
    if (!certificate) return false;
    const auto shown = fingerprint_of(der_of(certificate.get()), peer_.fingerprint.hash);
    return shown && *shown == peer_.fingerprint;
}

/// RFC 5764, section 4.2: both keys, then both salts, the client's first.
std::optional<SdesKeys> DtlsAssociation::export_keys() const {
    const auto* profile = SSL_get_selected_srtp_profile(ssl_);
    if (profile == nullptr) return std::nullopt;
    SdesKeys keys;
    keys.suite = profile->id == SRTP_AEAD_AES_128_GCM ? SrtpSuite::aead_aes_128_gcm
                                                      : SrtpSuite::aes_cm_128_hmac_sha1_80;
    const std::size_t salt = SrtpKey::size(keys.suite) - SrtpKey::key_bytes;
    std::array<std::uint8_t, 2 * SrtpKey::most_bytes> material{};
    const std::size_t size = 2 * SrtpKey::size(keys.suite);
    if (SSL_export_keying_material(ssl_, material.data(), size, exporter_label, std::strlen(exporter_label),
                                   nullptr, 0, 0) != 1)
        return std::nullopt;
    const auto part = [&](std::size_t side) {
        SrtpKey key;
        const auto* bytes = material.data();
        std::copy_n(bytes + side * SrtpKey::key_bytes, SrtpKey::key_bytes, key.bytes.begin());
        std::copy_n(bytes + 2 * SrtpKey::key_bytes + side * salt, salt,
                    key.bytes.begin() + SrtpKey::key_bytes);
        return key;
    };
    keys.local = part(peer_.we_connect ? 0 : 1);
    keys.remote = part(peer_.we_connect ? 1 : 0);
    return keys;
}

std::optional<Fingerprint> fingerprint_of(std::span<const std::uint8_t> certificate,
                                          const std::string& hash) {
    const auto* digest = digest_named(hash);
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (digest == nullptr ||
        EVP_Digest(certificate.data(), certificate.size(), bytes.data(), &size, digest, nullptr) != 1)
        return std::nullopt;
    Fingerprint made{hash, {}};
    for (unsigned i = 0; i < size; ++i) made.value += fmt::format("{}{:02X}", i == 0 ? "" : ":", bytes[i]);
    return made;
}

}  // namespace patchbay::media
