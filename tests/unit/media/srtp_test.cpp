#include "media/srtp.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "media/rtp.hpp"

namespace patchbay::media {
namespace {

constexpr std::array suites{SrtpSuite::aead_aes_128_gcm, SrtpSuite::aes_cm_128_hmac_sha1_80};

SrtpKey key(std::uint8_t seed) {
    SrtpKey made;
    for (std::size_t i = 0; i < made.bytes.size(); ++i) made.bytes[i] = static_cast<std::uint8_t>(seed + i);
    return made;
}

std::vector<std::uint8_t> packet(std::uint16_t sequence, std::uint32_t ssrc = 7) {
    std::vector<std::uint8_t> bytes(rtp_header_size + 160, 0xD5);
    write_rtp_header({.payload_type = 8, .sequence = sequence, .timestamp = 160u * sequence, .ssrc = ssrc},
                     bytes.data());
    return bytes;
}

std::vector<std::uint8_t> sealed(SrtpSender& sender, std::vector<std::uint8_t> bytes) {
    const std::size_t size = bytes.size();
    bytes.resize(size + srtp_overhead);
    bytes.resize(sender.seal(bytes, size, false).value_or(0));
    return bytes;
}

TEST(Srtp, what_one_side_seals_the_other_opens) {
    for (const auto suite : suites) {
        SrtpSender sender(suite, key(1));
        SrtpReceiver receiver(suite, key(1));
        auto bytes = sealed(sender, packet(1));
        ASSERT_GT(bytes.size(), packet(1).size());
        EXPECT_FALSE(std::equal(bytes.begin() + rtp_header_size, bytes.begin() + 100,
                                packet(1).begin() + rtp_header_size));
        const auto size = receiver.open(bytes, false);
        ASSERT_TRUE(size);
        bytes.resize(*size);
        EXPECT_EQ(bytes, packet(1));
    }
}

TEST(Srtp, a_packet_altered_replayed_or_of_another_key_is_refused) {
    for (const auto suite : suites) {
        SrtpSender sender(suite, key(1)), other(suite, key(2));
        SrtpReceiver receiver(suite, key(1));
        const auto good = sealed(sender, packet(1));
        auto first = good, again = good, altered = sealed(sender, packet(2)),
             foreign = sealed(other, packet(3));
        EXPECT_TRUE(receiver.open(first, false));
        EXPECT_FALSE(receiver.open(again, false));
        altered[20] ^= 1;
        EXPECT_FALSE(receiver.open(altered, false));
        EXPECT_FALSE(receiver.open(foreign, false));
        auto plain = packet(4);
        EXPECT_FALSE(receiver.open(plain, false));
    }
}

TEST(Srtp, no_sequence_number_is_sealed_twice) {
    SrtpSender sender(SrtpSuite::aead_aes_128_gcm, key(1));
    EXPECT_FALSE(sealed(sender, packet(1)).empty());
    EXPECT_TRUE(sealed(sender, packet(1)).empty());
    EXPECT_FALSE(sealed(sender, packet(2)).empty());
}

TEST(Srtp, a_peer_that_changes_its_ssrc_without_end_is_refused_at_last) {
    SrtpSender sender(SrtpSuite::aead_aes_128_gcm, key(1));
    SrtpReceiver receiver(SrtpSuite::aead_aes_128_gcm, key(1));
    int taken = 0;
    for (std::uint32_t ssrc = 1; ssrc <= 200; ++ssrc) {
        auto bytes = sealed(sender, packet(1, ssrc));
        taken += receiver.open(bytes, false) ? 1 : 0;
    }
    EXPECT_EQ(taken, 64);
}

TEST(Srtp, shorter_than_a_header_is_refused) {
    SrtpReceiver receiver(SrtpSuite::aead_aes_128_gcm, key(1));
    for (std::size_t size = 0; size < 28; ++size) {
        std::vector<std::uint8_t> bytes(size, 0x80);
        EXPECT_FALSE(receiver.open(bytes, false));
        EXPECT_FALSE(receiver.open(bytes, true));
    }
}

}  // namespace
}  // namespace patchbay::media
