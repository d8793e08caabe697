#include "media/dtls.hpp"

#include <chrono>
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

using namespace std::chrono_literals;

constexpr Moment begun{1000s};
const Address here = *Address::parse({"192.0.2.1", 4000}), elsewhere = *Address::parse({"192.0.2.1", 4002});

TEST(Security, a_hello_counts_only_from_where_the_peer_was_found) {
    const DtlsIdentity a, b;
    Security security(b);
    security.agree({DtlsPeer{*a.fingerprint(), false}, {}}, begun);
    DtlsAssociation client{a, {*b.fingerprint(), true}};
    int answers = 0;
    const auto answer = [&](std::span<const std::uint8_t>, const Address& to) {
        ++answers;
        EXPECT_EQ(to, here);
    };
    client.start([&](std::span<const std::uint8_t> hello) {
        EXPECT_FALSE(security.take_dtls(hello, elsewhere, here, answer, begun));
        EXPECT_EQ(answers, 0);
        EXPECT_TRUE(security.take_dtls(hello, here, here, answer, begun));
        EXPECT_GT(answers, 0);
    });
}

/// Two ends with keys by SDES, of which one sends.
class Keys : public ::testing::Test {
  protected:
    Keys() {
        ours.local.bytes.fill(1);
        ours.remote.bytes.fill(2);
        agree_receiver(begun);
        agree_sender(begun);
    }
    void agree_receiver(Moment now) { receiver.agree({ours, {}}, now); }
    void agree_sender(Moment now) {
        SdesKeys theirs;
        theirs.local = ours.remote;
        theirs.remote = ours.local;
        sender.agree({theirs, {}}, now);
    }
    Datagram packet() {
        const Datagram plain{0x80, 8, 0, ++sequence, 0, 0, 0, 0, 0, 0, 0, 7, 1, 2, 3, 4};
        const auto bytes = sender.seal(plain, false);
        return {bytes.begin(), bytes.end()};
    }
    bool taken(Datagram packet, Moment now) { return receiver.open(packet, false, now).size() == 16; }

    const DtlsIdentity identity;
    Security receiver{identity}, sender{identity};
    SdesKeys ours;
    std::uint8_t sequence = 0;
};

TEST_F(Keys, of_before_are_taken_while_packets_may_be_under_way) {
    EXPECT_TRUE(taken(packet(), begun));
    const auto late = packet(), too_late = packet();
    ours.remote.bytes.fill(3);
    agree_receiver(begun + 10s);
    EXPECT_TRUE(taken(late, begun + 11s));
    agree_sender(begun + 11s);
    EXPECT_TRUE(taken(packet(), begun + 11s));
    EXPECT_FALSE(taken(too_late, begun + 10s + Security::key_overlap));
    EXPECT_TRUE(taken(packet(), begun + 10s + Security::key_overlap));
}

TEST_F(Keys, of_before_are_forgotten_although_nothing_comes) {
    const auto late = packet();
    ours.remote.bytes.fill(3);
    agree_receiver(begun);
    receiver.look_after(here, {}, begun + Security::key_overlap);
    EXPECT_FALSE(taken(late, begun)) << "it was dropped, whatever the clock says";
}

/// Our end, to which a peer shakes hands in the second place too: a phone that was replaced by another.
TEST(Security, a_new_certificate_at_a_new_place_gets_a_handshake_there) {
    const DtlsIdentity we, first, second;
    Security security(we);
    const auto shake_hands = [&](const DtlsIdentity& identity, const Address& at, Moment now) {
        DtlsAssociation server{identity, {*we.fingerprint(), false}};
        std::deque<Datagram> to_us, to_them;
        const auto send = [&](std::span<const std::uint8_t> bytes, const Address& to) {
            EXPECT_EQ(to, at);
            to_them.emplace_back(bytes.begin(), bytes.end());
        };
        security.agree({DtlsPeer{*identity.fingerprint(), true}, {}}, now);
        security.look_after(at, send, now);
        while (!to_us.empty() || !to_them.empty()) {
            if (!to_them.empty()) {
                const Datagram next = to_them.front();
                to_them.pop_front();
                server.receive(next, [&](std::span<const std::uint8_t> bytes) {
                    to_us.emplace_back(bytes.begin(), bytes.end());
                });
            } else {
                const Datagram next = to_us.front();
                to_us.pop_front();
                EXPECT_TRUE(security.take_dtls(next, at, at, send, now));
            }
        }
        return server.keys();
    };
    const auto keys_before = shake_hands(first, here, begun);
    ASSERT_TRUE(keys_before && security.ready());
    const auto keys = shake_hands(second, elsewhere, begun + 1s);
    ASSERT_TRUE(keys);

    Security phone(second);
    phone.agree({*keys, {}}, begun);
    const Datagram plain{0x80, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 1, 2, 3, 4};
    const auto sealed = phone.seal(plain, false);
    Datagram packet(sealed.begin(), sealed.end());
    EXPECT_EQ(security.open(packet, false, begun + 1s).size(), plain.size());
}

}  // namespace
}  // namespace patchbay::media
