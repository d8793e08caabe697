#include "media/dtls.hpp"

#include <deque>
#include <vector>

#include <gtest/gtest.h>

#include "media/dtls_certificate.hpp"
#include "media/security.hpp"

namespace patchbay::media {
namespace {

using Datagram = std::vector<std::uint8_t>;

/// Two ends whose datagrams are carried by hand.
struct Wire {
    DtlsAssociation client, server;
    std::deque<Datagram> to_server, to_client;

    DtlsAssociation::Send into(std::deque<Datagram>& queue) {
        return
            [&queue](std::span<const std::uint8_t> bytes) { queue.emplace_back(bytes.begin(), bytes.end()); };
    }
    void run() {
        client.start(into(to_server));
        while (!to_server.empty() || !to_client.empty()) {
            auto& queue = to_server.empty() ? to_client : to_server;
            const Datagram next = queue.front();
            queue.pop_front();
            if (&queue == &to_server) {
                server.receive(next, into(to_client));
            } else {
                client.receive(next, into(to_server));
            }
        }
    }
};

TEST(Dtls, both_ends_come_to_the_same_keys) {
    const DtlsIdentity a, b;
    Wire wire{{a, {*b.fingerprint(), true}}, {b, {*a.fingerprint(), false}}, {}, {}};
    wire.run();
    ASSERT_EQ(wire.client.state(), DtlsAssociation::State::agreed);
    ASSERT_EQ(wire.server.state(), DtlsAssociation::State::agreed);
    EXPECT_EQ(wire.client.keys()->suite, SrtpSuite::aead_aes_128_gcm);
    EXPECT_EQ(wire.client.keys()->local, wire.server.keys()->remote);
    EXPECT_EQ(wire.client.keys()->remote, wire.server.keys()->local);
    EXPECT_NE(wire.client.keys()->local, wire.client.keys()->remote);
}

TEST(Dtls, a_certificate_of_another_fingerprint_gets_no_keys) {
    const DtlsIdentity a, b, stranger;
    Wire wire{{stranger, {*b.fingerprint(), true}}, {b, {*a.fingerprint(), false}}, {}, {}};
    wire.run();
    EXPECT_EQ(wire.server.state(), DtlsAssociation::State::failed);
    EXPECT_FALSE(wire.server.keys());
}

TEST(Dtls, noise_does_no_harm_to_a_handshake) {
    const DtlsIdentity a, b;
    Wire wire{{a, {*b.fingerprint(), true}}, {b, {*a.fingerprint(), false}}, {}, {}};
    wire.to_server.push_back({22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 1, 2, 3});
    wire.to_server.push_back(Datagram(1500, 22));
    wire.run();
    EXPECT_EQ(wire.server.state(), DtlsAssociation::State::agreed);
}

TEST(Dtls, datagrams_are_small_enough_for_every_way) {
    const DtlsIdentity a, b;
    std::size_t largest = 0;
    DtlsAssociation client{a, {*b.fingerprint(), true}}, server{b, {*a.fingerprint(), false}};
    client.start([&](std::span<const std::uint8_t> hello) {
        server.receive(
            hello, [&](std::span<const std::uint8_t> bytes) { largest = std::max(largest, bytes.size()); });
    });
    EXPECT_GT(largest, 0u);
    EXPECT_LE(largest, 1200u);
}

const Address here = *Address::parse({"192.0.2.1", 4000}), elsewhere = *Address::parse({"192.0.2.1", 4002});

TEST(Security, a_hello_counts_only_from_where_the_peer_was_found) {
    const DtlsIdentity a, b;
    Security security(b);
    security.agree({DtlsPeer{*a.fingerprint(), false}, {}});
    DtlsAssociation client{a, {*b.fingerprint(), true}};
    int answers = 0;
    const auto answer = [&](std::span<const std::uint8_t>, const Address& to) {
        ++answers;
        EXPECT_EQ(to, here);
    };
    client.start([&](std::span<const std::uint8_t> hello) {
        EXPECT_FALSE(security.take_dtls(hello, elsewhere, here, answer));
        EXPECT_EQ(answers, 0);
        EXPECT_TRUE(security.take_dtls(hello, here, here, answer));
        EXPECT_GT(answers, 0);
    });
}

TEST(Security, packets_under_the_old_key_are_still_taken_after_a_change) {
    const DtlsIdentity identity;
    SdesKeys ours, theirs;
    ours.local.bytes.fill(1);
    ours.remote.bytes.fill(2);
    theirs.local = ours.remote;
    theirs.remote = ours.local;
    Security receiver(identity), sender(identity);
    receiver.agree({ours, {}});
    sender.agree({theirs, {}});
    const auto packet = [&](std::uint8_t sequence) {
        const Datagram plain{0x80, 8, 0, sequence, 0, 0, 0, 0, 0, 0, 0, 7, 1, 2, 3, 4};
        const auto bytes = sender.seal(plain, false);
        return Datagram(bytes.begin(), bytes.end());
    };
    auto first = packet(1), late = packet(2);
    EXPECT_EQ(receiver.open(first, false).size(), 16u);
    ours.remote.bytes.fill(3);
    receiver.agree({ours, {}});
    EXPECT_EQ(receiver.open(late, false).size(), 16u);
    theirs.local = ours.remote;
    sender.agree({theirs, {}});
    auto next = packet(3);
    EXPECT_EQ(receiver.open(next, false).size(), 16u);
}

}  // namespace
}  // namespace patchbay::media
