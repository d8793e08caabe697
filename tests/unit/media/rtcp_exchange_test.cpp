// Reports between a leg's RTCP port and its peer's, over real sockets.
#include "media/rtcp_exchange.hpp"

#include <array>
#include <thread>

#include <gtest/gtest.h>

namespace patchbay::media {
namespace {

using namespace std::chrono_literals;

class Reports : public ::testing::Test {
  protected:
    Reports() : pool("127.0.0.1", 32300, 32399, 0), exchange(traffic, "us") {
        auto ours = pool.take(now);
        auto theirs = pool.take(now);
        peer_ports = std::move(*theirs);
        leg = std::make_unique<LegAudio>(LegId{1}, std::move(*ours), Sender(99, 1, 1),
                                         std::make_shared<LegCounts>());
        Peer peer;
        peer.rtp = Address::parse({"127.0.0.1", peer_ports.port}).value();
        peer.rtcp = Address::parse({"127.0.0.1", static_cast<std::uint16_t>(peer_ports.port + 1)}).value();
        leg->peer = peer;
        leg->source.expect(peer.rtp, true);
    }

    std::optional<RtcpReport> received() {
        std::array<std::uint8_t, 512> bytes{};
        const auto size = recv(peer_ports.rtcp.get(), bytes.data(), bytes.size(), 0);
        if (size < 0) return std::nullopt;
        return parse_rtcp(std::span(bytes).first(static_cast<std::size_t>(size)));
    }

    void send(const Descriptor& from, const std::vector<std::uint8_t>& bytes) {
        const Address to =
            Address::parse({"127.0.0.1", static_cast<std::uint16_t>(leg->ports.port + 1)}).value();
        sendto(from.get(), bytes.data(), bytes.size(), 0, to.data(), to.size());
        exchange.receive(*leg, std::chrono::steady_clock::now());
    }

    const Moment now = std::chrono::steady_clock::now();
    Traffic traffic;
    PortPool pool;
    RtcpExchange exchange;
    PortPair peer_ports;
    std::unique_ptr<LegAudio> leg;
};

TEST_F(Reports, before_we_send_are_receiver_reports) {
    leg->receiver.take({.sequence = 5, .timestamp = 1, .ssrc = 7}, now);
    exchange.send_report(*leg, now);
    const auto report = received();
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->sender);
    ASSERT_EQ(report->blocks.size(), 1U);
    EXPECT_EQ(report->blocks[0].ssrc, 7U);
}

TEST_F(Reports, of_a_sender_count_its_packets) {
    leg->counts->sent.add(3);
    leg->counts->octets_sent.add(480);
    exchange.send_report(*leg, now);
    const auto report = received();
    ASSERT_TRUE(report && report->sender);
    EXPECT_EQ(report->ssrc, 99U);
    EXPECT_EQ(report->sender->packets, 3U);
    EXPECT_EQ(report->sender->octets, 480U);
}

TEST_F(Reports, of_the_peer_tell_what_it_lost) {
    send(peer_ports.rtcp, build_rtcp({.ssrc = 7, .blocks = {{.ssrc = 99, .packets_lost = 12}}}, "them"));
    EXPECT_EQ(leg->counts->lost_remote.get(), 12U);
}

TEST_F(Reports, of_a_peer_are_answered_with_the_delay) {
    leg->receiver.take({.sequence = 5, .timestamp = 1, .ssrc = 7}, now);
    send(peer_ports.rtcp,
         build_rtcp({.ssrc = 7, .sender = SenderInfo{.ntp_time = 0x1122334455667788}}, "them"));
    exchange.send_report(*leg, std::chrono::steady_clock::now() + 1s);
    const auto report = received();
    ASSERT_TRUE(report && report->blocks.size() == 1);
    EXPECT_EQ(report->blocks[0].last_sr, 0x33445566U);
    EXPECT_GE(report->blocks[0].delay_since_sr, 65536U);
}

TEST_F(Reports, that_lie_are_refused) {
    send(peer_ports.rtcp, {0x80, 200, 0xFF, 0xFF, 1, 2, 3, 4});
    send(peer_ports.rtcp, std::vector<std::uint8_t>(3000, 0x80));
    EXPECT_EQ(leg->counts->refused.get(), 2U);
}

TEST_F(Reports, in_a_flood_are_told_twenty_times_a_second) {
    int told = 0;
    RtcpExchange telling(traffic, "us", {}, [&](const RtcpNotice&) { ++told; });
    const auto report = build_rtcp({.ssrc = 7}, "them");
    const Address from = leg->peer->rtcp;
    for (int i = 0; i < 1000; ++i) telling.take(*leg, report, from, now + i * 1ms);
    EXPECT_EQ(told, 20);
    EXPECT_EQ(leg->counts->refused.get(), 980U);
    telling.take(*leg, report, from, now + 1s);
    EXPECT_EQ(told, 21);
}

TEST_F(Reports, of_a_stranger_are_refused) {
    Peer peer = *leg->peer;
    peer.rtp = peer.rtcp = Address::parse({"127.0.0.2", 9}).value();
    leg->peer = peer;
    leg->source.expect(peer.rtp, true);
    send(peer_ports.rtcp, build_rtcp({.ssrc = 7}, "them"));
    EXPECT_EQ(leg->counts->refused.get(), 1U);
}

TEST_F(Reports, end_with_goodbye_when_there_was_a_stream) {
    exchange.send_bye(*leg, now);
    EXPECT_FALSE(received());
    leg->counts->sent.add();
    exchange.send_bye(*leg, now);
    const auto report = received();
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->bye);
}

TEST_F(Reports, come_every_five_seconds_more_or_less) {
    for (int i = 0; i < 100; ++i) {
        const auto wait = exchange.next_report(now) - now;
        EXPECT_GE(wait, 2500ms);
        EXPECT_LE(wait, 7500ms);
    }
}

}  // namespace
}  // namespace patchbay::media
