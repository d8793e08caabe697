// Our SRTP under GCM against libsrtp2's.
#include "media/srtp_gcm.hpp"

#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <srtp2/srtp.h>

#include "media/bytes.hpp"
#include "media/rtp.hpp"
#include "media/srtp.hpp"

namespace patchbay::media {
namespace {

using Packet = std::vector<std::uint8_t>;

SrtpKey random_key() {
    std::random_device device;
    SrtpKey key;
    for (std::size_t i = 0; i < SrtpKey::size(SrtpSuite::aead_aes_128_gcm); ++i)
        key.bytes[i] = static_cast<std::uint8_t>(device());
    return key;
}

/// The other side.
class Peer {
  public:
    Peer(SrtpKey key, srtp_ssrc_type_t direction) {
        const SrtpSender starts_the_library(SrtpSuite::aes_cm_128_hmac_sha1_80, key);
        srtp_policy_t policy{};
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
        policy.ssrc.type = direction;
        policy.key = key.bytes.data();
        policy.window_size = 128;
        EXPECT_EQ(srtp_create(&context_, &policy), srtp_err_status_ok);
    }
    ~Peer() { srtp_dealloc(context_); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    /// Empty when it refuses.
    Packet seal(Packet packet, bool rtcp) {
        int size = static_cast<int>(packet.size());
        packet.resize(packet.size() + srtp_overhead);
        const auto done = (rtcp ? srtp_protect_rtcp : srtp_protect)(context_, packet.data(), &size);
        packet.resize(done == srtp_err_status_ok ? static_cast<std::size_t>(size) : 0);
        return packet;
    }
    Packet open(Packet packet, bool rtcp) {
        int size = static_cast<int>(packet.size());
        const auto done = (rtcp ? srtp_unprotect_rtcp : srtp_unprotect)(context_, packet.data(), &size);
        packet.resize(done == srtp_err_status_ok ? static_cast<std::size_t>(size) : 0);
        return packet;
    }

  private:
    srtp_t context_ = nullptr;
};

class OurGcm : public ::testing::Test {
  protected:
    Packet sealed(Packet packet, bool rtcp = false) {
        const auto size = packet.size();
        packet.resize(size + srtp_overhead);
        packet.resize(seals_.seal(packet, size, rtcp).value_or(0));
        return packet;
    }
    Packet opened(Packet packet, bool rtcp = false) {
        packet.resize(opens_.open(packet, rtcp).value_or(0));
        return packet;
    }

    const SrtpKey key_ = random_key();
    SrtpGcm seals_{key_, SrtpGcm::Direction::seal}, opens_{key_, SrtpGcm::Direction::open};
    Peer peer_seals_{key_, ssrc_any_outbound}, peer_opens_{key_, ssrc_any_inbound};
};

Packet audio(std::uint16_t sequence, std::size_t size = 160, std::uint32_t ssrc = 0xCAFE'0001) {
    Packet packet(rtp_header_size + size, 0xD5);
    write_rtp_header({.payload_type = 8, .sequence = sequence, .timestamp = 160U * sequence, .ssrc = ssrc},
                     packet.data());
    return packet;
}

/// A sender report without blocks.
Packet report(std::uint8_t mark) {
    Packet packet(28, mark);
    packet[0] = 0x80;
    packet[1] = 200;
    write16(packet.data() + 2, 6);
    write32(packet.data() + 4, 0xCAFE'0001);
    return packet;
}

TEST_F(OurGcm, IsTheSameOnTheWireAsThePeers) {
    for (const auto sequence : {100, 101, 103}) {
        const auto packet = audio(static_cast<std::uint16_t>(sequence));
        EXPECT_EQ(sealed(packet), peer_seals_.seal(packet, false));
    }
    EXPECT_EQ(sealed(report(1), true).size(), peer_seals_.seal(report(1), true).size());
}

TEST_F(OurGcm, IsOpenedByThePeerAndOpensThePeers) {
    for (std::uint16_t i = 1; i < 300; ++i) {
        const auto packet = audio(i, i % 200);
        EXPECT_EQ(peer_opens_.open(sealed(packet), false), packet);
        EXPECT_EQ(opened(peer_seals_.seal(packet, false)), packet);
        if (i % 50 != 0) continue;
        const auto sent = report(static_cast<std::uint8_t>(i));
        EXPECT_EQ(peer_opens_.open(sealed(sent, true), true), sent);
        EXPECT_EQ(opened(peer_seals_.seal(sent, true), true), sent);
    }
}

TEST_F(OurGcm, CountsOnWhenTheSequenceNumberWraps) {
    for (unsigned i = 65'000; i < 65'536 + 65'536 + 500; ++i) {
        const auto packet = audio(static_cast<std::uint16_t>(i), 20);
        ASSERT_EQ(peer_opens_.open(sealed(packet), false), packet) << i;
        ASSERT_EQ(opened(peer_seals_.seal(packet, false)), packet) << i;
    }
}

TEST_F(OurGcm, TakesWhatComesLateAroundTheWrap) {
    const auto first = peer_seals_.seal(audio(65'534), false),
               second = peer_seals_.seal(audio(65'535), false), third = peer_seals_.seal(audio(0), false),
               fourth = peer_seals_.seal(audio(1), false);
    EXPECT_EQ(opened(first), audio(65'534));
    EXPECT_EQ(opened(fourth), audio(1));
    EXPECT_EQ(opened(second), audio(65'535));
    EXPECT_EQ(opened(third), audio(0));
    for (const auto& again : {first, second, third, fourth}) EXPECT_TRUE(opened(again).empty());
}

TEST_F(OurGcm, LeavesContributingSourcesAndExtensionReadable) {
    auto packet = audio(7);
    packet[0] |= 0x12;                       // an extension, two sources
    write16(packet.data() + 12 + 8 + 2, 3);  // of three words
    const auto wire = sealed(packet);
    constexpr std::size_t header = 12 + 8 + 4 + 12;
    EXPECT_TRUE(std::equal(wire.begin(), wire.begin() + header, packet.begin()));
    EXPECT_EQ(peer_opens_.open(wire, false), packet);
    EXPECT_EQ(opened(wire), packet);
}

TEST_F(OurGcm, RefusesHeadersThatClaimMoreThanThereIs) {
    auto packet = audio(7);
    packet[0] |= 0x10;
    write16(packet.data() + 14, 0xFFFF);
    EXPECT_TRUE(sealed(packet).empty());
    EXPECT_TRUE(opened(packet).empty());
}

TEST_F(OurGcm, RefusesEachPacketOfWhichOneBitIsOther) {
    for (const bool rtcp : {false, true}) {
        const auto good = peer_seals_.seal(rtcp ? report(1) : audio(9), rtcp);
        for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
            auto altered = good;
            altered[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
            EXPECT_TRUE(opened(altered, rtcp).empty()) << bit;
        }
        EXPECT_FALSE(opened(good, rtcp).empty());
    }
}

TEST_F(OurGcm, SealsAndOpensNoReportTwice) {
    const auto first = sealed(report(1), true), second = sealed(report(1), true);
    EXPECT_NE(first, second);
    EXPECT_EQ(opened(second, true), report(1));
    EXPECT_EQ(opened(first, true), report(1));
    EXPECT_TRUE(opened(first, true).empty());
    EXPECT_TRUE(opened(second, true).empty());
}

}  // namespace
}  // namespace patchbay::media
