// The server over TLS, asked by OpenSSL itself.
#include <openssl/ssl.h>

#include "fixture.hpp"
#include "support/certificate.hpp"

namespace patchbay::http {
namespace {

class TlsTest : public ServerTest {
  protected:
    TlsTest() { settings.tls = certificate.files(); }

    // Everything the server says to that text, until it closes; nothing when the handshake fails.
    std::optional<std::string> ask(std::string_view text, int version) {
        auto* context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_security_level(context, 0);
        SSL_CTX_set_min_proto_version(context, version);
        SSL_CTX_set_max_proto_version(context, version);
        auto* bio = BIO_new_ssl_connect(context);
        BIO_set_conn_hostname(bio, ("127.0.0.1:" + std::to_string(server->port())).c_str());
        std::optional<std::string> said;
        if (BIO_do_handshake(bio) == 1) {
            said.emplace();
            seen = digest_of_certificate(bio);
            BIO_write(bio, text.data(), static_cast<int>(text.size()));
            char buffer[4096];
            for (int count = 0; (count = BIO_read(bio, buffer, sizeof buffer)) > 0;) {
                said->append(buffer, static_cast<std::size_t>(count));
            }
        }
        BIO_free_all(bio);
        SSL_CTX_free(context);
        return said;
    }

    static std::string digest_of_certificate(BIO* bio) {
        SSL* ssl = nullptr;
        BIO_get_ssl(bio, &ssl);
        auto* shown = SSL_get1_peer_certificate(ssl);
        std::string digest(EVP_MAX_MD_SIZE, '\0');
        unsigned size = 0;
        X509_digest(shown, EVP_sha256(), reinterpret_cast<unsigned char*>(digest.data()), &size);
        X509_free(shown);
        return digest.substr(0, size);
    }

    support::Certificate certificate;
    std::string seen;  // the digest of the certificate shown last
};

TEST_F(TlsTest, answers_over_1_2_and_1_3_and_nothing_older) {
    start();
    constexpr auto text = "GET /hello/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto said = ask(text, version);
        ASSERT_TRUE(said);
        EXPECT_NE(said->find("\r\n\r\nhello x"), std::string::npos);
    }
    EXPECT_FALSE(ask(text, TLS1_1_VERSION));
}

TEST_F(TlsTest, a_renewed_certificate_serves_new_connections_and_a_wrong_one_changes_nothing) {
    start();
    constexpr auto text = "GET /hello/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    ASSERT_TRUE(ask(text, TLS1_3_VERSION));
    const std::string before = seen;
    EXPECT_FALSE(server->renew_tls({certificate.files().certificate, "/nowhere"}).ok());
    ASSERT_TRUE(ask(text, TLS1_3_VERSION));
    EXPECT_EQ(seen, before);
    const support::Certificate other;
    EXPECT_TRUE(server->renew_tls(other.files()).ok());
    ASSERT_TRUE(ask(text, TLS1_3_VERSION));
    EXPECT_NE(seen, before);
}

TEST_F(TlsTest, serves_websockets) {
    start();
    const auto said =
        ask(testing::HttpClient::upgrade_request("/socket") + testing::HttpClient::frame(1, "echo me") +
                testing::HttpClient::frame(8, std::string("\x03\xE8", 2)),
            TLS1_3_VERSION);
    ASSERT_TRUE(said);
    EXPECT_NE(said->find("101 Switching Protocols"), std::string::npos);
    EXPECT_NE(said->find("welcome"), std::string::npos);
    EXPECT_NE(said->find("echo me"), std::string::npos);
}

TEST_F(TlsTest, plain_text_to_the_tls_port_ends) {
    start();
    auto c = client();
    c.send("GET /hello/x HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(c.closed());
}

TEST_F(TlsTest, unreadable_files_are_told_at_start) {
    settings.tls->key = "/nowhere/key.pem";
    Server other(settings, Router{});
    EXPECT_THROW(other.start(), std::runtime_error);
}

}  // namespace
}  // namespace patchbay::http
