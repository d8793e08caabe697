#include "media/stun.hpp"

#include <gtest/gtest.h>

#include "media/bytes.hpp"
#include "media/packet_kind.hpp"

namespace patchbay::media {
namespace {

/// RFC 5769, section 2.1: "STUN test client", password VOkJxbRl1RmTxUk/WvJxBt.
constexpr std::array<std::uint8_t, 108> sample{
    0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
    0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e, 0x20, 0x74, 0x65, 0x73,
    0x74, 0x20, 0x63, 0x6c, 0x69, 0x65, 0x6e, 0x74, 0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff,
    0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09,
    0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68, 0x36, 0x76, 0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14,
    0x9a, 0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49,
    0xc1, 0xb5, 0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf};
constexpr std::string_view password = "VOkJxbRl1RmTxUk/WvJxBt";

TEST(Stun, the_sample_request_of_the_rfc_is_read_and_proven) {
    const auto request = parse_binding_request(sample);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->username, "evtj:h6vY");
    EXPECT_FALSE(request->nominates);
    EXPECT_TRUE(has_integrity(sample, *request, password));
    EXPECT_FALSE(has_integrity(sample, *request, "another password of that size"));
}

TEST(Stun, no_altered_byte_passes) {
    for (std::size_t i = 0; i < sample.size(); ++i) {
        auto altered = sample;
        altered[i] ^= 0x40;
        const auto request = parse_binding_request(altered);
        EXPECT_FALSE(request && has_integrity(altered, *request, password)) << i;
    }
}

TEST(Stun, no_cut_request_passes) {
    for (std::size_t size = 0; size < sample.size(); ++size)
        EXPECT_FALSE(parse_binding_request(std::span(sample).first(size))) << size;
}

TEST(Stun, what_we_build_we_read) {
    BindingRequest wanted;
    wanted.transaction.fill(9);
    wanted.username = "ours:theirs";
    wanted.nominates = wanted.from_controlling = true;
    const auto bytes = build_binding_request(wanted, password);
    const auto request = parse_binding_request(bytes);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->username, wanted.username);
    EXPECT_TRUE(request->nominates && request->from_controlling);
    EXPECT_TRUE(has_integrity(bytes, *request, password));
    EXPECT_EQ(packet_kind(bytes), PacketKind::stun);
}

TEST(Stun, the_success_tells_the_address_seen) {
    // RFC 5769, section 2.2: 192.0.2.1 port 32853 is masked to a1 47 e1 12 a6 43.
    const auto request = parse_binding_request(sample);
    const auto bytes = binding_success(*request, *Address::parse({"192.0.2.1", 32853}), password);
    EXPECT_TRUE(is_binding_success(bytes));
    const std::array<std::uint8_t, 12> address{0x00, 0x20, 0x00, 0x08, 0x00, 0x01,
                                               0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43};
    EXPECT_TRUE(std::equal(address.begin(), address.end(), bytes.begin() + 20));
    EXPECT_EQ(read16(bytes.data() + 2) + 20u, bytes.size());
    // An IPv4 peer on a socket for both is told its IPv4 address.
    EXPECT_EQ(binding_success(*request, Address::parse({"192.0.2.1", 32853})->mapped(), password), bytes);
}

TEST(Stun, first_bytes_tell_what_a_packet_is) {
    const auto kind = [](std::uint8_t first, std::uint8_t second) {
        const std::array<std::uint8_t, 2> bytes{first, second};
        return packet_kind(bytes);
    };
    EXPECT_EQ(kind(0, 1), PacketKind::stun);
    EXPECT_EQ(kind(22, 254), PacketKind::dtls);
    EXPECT_EQ(kind(0x80, 8), PacketKind::rtp);
    EXPECT_EQ(kind(0x80, 0x88), PacketKind::rtp);  // with the marker
    EXPECT_EQ(kind(0x80, 200), PacketKind::rtcp);
    EXPECT_EQ(kind(0x40, 0), PacketKind::other);
    EXPECT_EQ(kind(0xFF, 0), PacketKind::other);
}

}  // namespace
}  // namespace patchbay::media
