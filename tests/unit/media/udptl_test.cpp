#include "media/udptl.hpp"

#include <gmock/gmock.h>

namespace patchbay::media {
namespace {

using ::testing::ElementsAre;
using Bytes = std::vector<std::uint8_t>;

struct Heard {
    UdptlReceiver receiver;
    std::vector<std::pair<std::uint16_t, Bytes>> packets;
    bool take(const Bytes& datagram) {
        return receiver.take(datagram, [this](std::span<const std::uint8_t> packet, std::uint16_t sequence) {
            packets.emplace_back(sequence, Bytes(packet.begin(), packet.end()));
        });
    }
};

// As ITU-T T.38 lays it out: sequence number, length, packet, choice, count, and each with its length.
TEST(Udptl, reads_a_datagram_made_by_hand) {
    const Bytes datagram{0x01, 0x02, 2, 0xC0, 0x01, 0x00, 2, 1, 0x06, 2, 0xAA, 0xBB};
    const auto read = parse_udptl(datagram);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->sequence, 0x0102);
    EXPECT_THAT(Bytes(read->primary.begin(), read->primary.end()), ElementsAre(0xC0, 0x01));
    ASSERT_EQ(read->earlier_count, 2U);
    EXPECT_THAT(Bytes(read->earlier[1].begin(), read->earlier[1].end()), ElementsAre(0xAA, 0xBB));
}

TEST(Udptl, refuses_what_is_cut_short_anywhere) {
    const Bytes whole{0x01, 0x02, 2, 0xC0, 0x01, 0x00, 1, 2, 0xAA, 0xBB};
    EXPECT_TRUE(parse_udptl(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const bool without_choice = size == 5;
        EXPECT_EQ(parse_udptl(std::span(whole).first(size)).has_value(), without_choice) << size;
    }
    EXPECT_FALSE(parse_udptl(Bytes{0, 0, 0xC1, 0xC0, 0, 0})) << "a fragment's length";
}

TEST(Udptl, passes_over_error_correction) {
    EXPECT_TRUE(parse_udptl(Bytes{0, 4, 1, 0x06, 0x80, 1, 3, 1, 2, 0xAA, 0xBB}));
}

TEST(Udptl, packets_lost_come_with_later_ones_in_order_and_once) {
    UdptlSender sender({});
    std::vector<Bytes> datagrams;
    for (std::uint8_t i = 0; i < 8; ++i) datagrams.push_back(sender.next(Bytes(i + std::size_t{1}, i)));
    Heard heard;
    for (const std::size_t arrived : {0U, 3U, 3U, 2U, 7U}) EXPECT_TRUE(heard.take(datagrams[arrived]));
    std::vector<std::uint16_t> order;
    for (const auto& [sequence, packet] : heard.packets) {
        order.push_back(sequence);
        EXPECT_EQ(packet, Bytes(sequence + std::size_t{1}, static_cast<std::uint8_t>(sequence)));
    }
    EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
}

TEST(Udptl, a_packet_half_the_numbers_ahead_is_none_that_follows) {
    Heard heard;
    EXPECT_TRUE(heard.take({0x02, 0x00, 0, 0, 0}));
    EXPECT_TRUE(heard.take({0x82, 0x00, 0, 0, 0}));
    EXPECT_THAT(heard.packets, ElementsAre(std::pair<std::uint16_t, Bytes>{0x0200, {}}));
    EXPECT_TRUE(heard.take({0x81, 0xFF, 0, 0, 0}));
    EXPECT_EQ(heard.packets.size(), 2U);
}

TEST(Udptl, long_packets_and_small_peers) {
    UdptlSender sender({.version = 0, .max_datagram = 300, .redundancy = true});
    Heard heard;
    for (const std::size_t size : {200U, 200U, 5U}) {
        const Bytes datagram = sender.next(Bytes(size, 1));
        EXPECT_LE(datagram.size(), 300U);
        EXPECT_TRUE(heard.take(datagram));
        EXPECT_EQ(heard.packets.back().second.size(), size);
    }
    UdptlSender plain({.version = 0, .max_datagram = 1400, .redundancy = false});
    plain.next(Bytes{1});
    EXPECT_THAT(plain.next(Bytes{2}), ElementsAre(0, 1, 1, 2, 0, 0));
}

}  // namespace
}  // namespace patchbay::media
