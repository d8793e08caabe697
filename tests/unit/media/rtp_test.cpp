#include "media/rtp.hpp"

#include <vector>

#include <gmock/gmock.h>

namespace patchbay::media {
namespace {

using Bytes = std::vector<std::uint8_t>;
using testing::ElementsAre;

Bytes packet(std::uint8_t first_byte, Bytes rest) {
    Bytes bytes(rtp_header_size);
    write_rtp_header({.marker = true, .payload_type = 8, .sequence = 65535, .timestamp = 160, .ssrc = 7},
                     bytes.data());
    bytes[0] = first_byte;
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return bytes;
}

TEST(Rtp, reads_what_it_writes) {
    const Bytes bytes = packet(0x80, {1, 2, 3});
    const auto read = parse_rtp(bytes);
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->header.marker);
    EXPECT_EQ(read->header.payload_type, 8);
    EXPECT_EQ(read->header.sequence, 65535);
    EXPECT_EQ(read->header.timestamp, 160U);
    EXPECT_EQ(read->header.ssrc, 7U);
    EXPECT_THAT(read->payload, ElementsAre(1, 2, 3));
}

TEST(Rtp, leaves_out_sources_extension_and_padding) {
    const Bytes bytes = packet(0xB1, {0, 0, 0, 1, 0xBE, 0xDE, 0, 1, 9, 9, 9, 9, 42, 0, 2});
    const auto read = parse_rtp(bytes);
    ASSERT_TRUE(read);
    EXPECT_THAT(read->payload, ElementsAre(42));
}

TEST(Rtp, refuses_packets_whose_lengths_lie) {
    EXPECT_FALSE(parse_rtp({}));
    EXPECT_FALSE(parse_rtp(Bytes(11, 0x80)));
    EXPECT_FALSE(parse_rtp(packet(0x40, {1})));                          // version 1
    EXPECT_FALSE(parse_rtp(packet(0x82, {0, 0, 0, 1})));                 // two sources claimed, one there
    EXPECT_FALSE(parse_rtp(packet(0x90, {0xBE, 0xDE})));                 // half an extension header
    EXPECT_FALSE(parse_rtp(packet(0x90, {0xBE, 0xDE, 0xFF, 0xFF, 1})));  // extension longer than the packet
    EXPECT_FALSE(parse_rtp(packet(0xA0, {1, 2, 9})));                    // padding longer than the payload
    EXPECT_FALSE(parse_rtp(packet(0xA0, {1, 2, 0})));                    // padding of none
}

TEST(Rtp, may_be_empty) {
    const auto read = parse_rtp(packet(0x80, {}));
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->payload.empty());
}

TEST(Rtp, is_told_from_rtcp_by_its_second_byte) {
    EXPECT_TRUE(is_rtcp(Bytes{0x80, 200, 0, 0}));
    EXPECT_FALSE(is_rtcp(packet(0x80, {})));
    EXPECT_FALSE(is_rtcp(Bytes{0x80}));
}

TEST(Rtp, sequences_are_compared_over_the_wrap) {
    EXPECT_EQ(sequence_distance(65535, 0), 1);
    EXPECT_EQ(sequence_distance(0, 65535), -1);
    EXPECT_EQ(sequence_distance(10, 5), -5);
}

}  // namespace
}  // namespace patchbay::media
