// OpenSSL's own count of its connections tells whether any outlives its use.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "agent_pair.hpp"
#include "base/descriptor.hpp"
#include "media/address.hpp"

namespace patchbay::sip {
namespace {

struct Count {
    int born = 0, alive = 0;
};

Count& count() {
    static Count all;
    return all;
}

class TlsConnections : public AgentPair {
  protected:
    void SetUp() override {
        AgentPair::SetUp();
        static const int counted = CRYPTO_get_ex_new_index(
            CRYPTO_EX_INDEX_SSL, 0, nullptr,
            [](void*, void*, CRYPTO_EX_DATA*, int, long, void*) { ++count().born, ++count().alive; }, nullptr,
            [](void*, void*, CRYPTO_EX_DATA*, int, long, void*) { --count().alive; });
        ASSERT_GE(counted, 0);
        count() = {};
    }

    /// A client that speaks no TLS.
    Descriptor connected() {
        const auto address = media::Address::parse(*server.bound("tls"));
        Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        EXPECT_EQ(::connect(socket.get(), address->data(), address->size()), 0);
        return socket;
    }
};

TEST_F(TlsConnections, AreFreedWhenAClientLeavesBeforeItSpoke) {
    constexpr int clients = 20;
    for (int i = 0; i < clients; ++i) {
        auto client = connected();
        until([&] { return count().born == i + 1; });
    }
    until([] { return count().alive == 0; });
}

TEST_F(TlsConnections, AreFreedWhenAClientSpeaksNoTls) {
    auto client = connected();
    ASSERT_GT(::send(client.get(), "OPTIONS sip:a SIP/2.0\r\n\r\n", 25, MSG_NOSIGNAL), 0);
    until([] { return count().born == 1 && count().alive == 0; });
}

}  // namespace
}  // namespace patchbay::sip
