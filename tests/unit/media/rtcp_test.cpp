#include "media/rtcp.hpp"

#include <string>

#include <gtest/gtest.h>

namespace patchbay::media {
namespace {

RtcpReport example() {
    return {
        .ssrc = 1,
        .sender = SenderInfo{.ntp_time = 0x1122334455667788, .rtp_time = 160, .packets = 3, .octets = 480},
        .blocks = {{.ssrc = 2,
                    .fraction_lost = 128,
                    .packets_lost = -5,
                    .highest_sequence = 0x10005,
                    .jitter = 12,
                    .last_sr = 0x33445566,
                    .delay_since_sr = 65536}}};
}

TEST(Rtcp, reads_the_report_it_writes) {
    const auto bytes = build_rtcp(example(), "patchbay");
    EXPECT_EQ(bytes.size() % 4, 0U);
    const auto read = parse_rtcp(bytes);
    ASSERT_TRUE(read && read->sender && read->blocks.size() == 1);
    EXPECT_EQ(read->ssrc, 1U);
    EXPECT_EQ(read->sender->ntp_time, 0x1122334455667788U);
    EXPECT_EQ(read->sender->octets, 480U);
    EXPECT_EQ(read->blocks[0].fraction_lost, 128);
    EXPECT_EQ(read->blocks[0].packets_lost, -5);
    EXPECT_EQ(read->blocks[0].highest_sequence, 0x10005U);
    EXPECT_EQ(read->blocks[0].delay_since_sr, 65536U);
    EXPECT_FALSE(read->bye);
}

TEST(Rtcp, goodbye_is_seen_behind_a_receiver_report) {
    const auto read = parse_rtcp(build_rtcp({.ssrc = 9, .bye = true}, std::string(300, 'x')));
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->bye);
    EXPECT_FALSE(read->sender);
}

TEST(Rtcp, is_refused_when_cut_anywhere) {
    const auto bytes = build_rtcp(example(), "patchbay");
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const bool ends_with_the_report = size == 52;
        EXPECT_EQ(parse_rtcp(std::span(bytes).first(size)).has_value(), ends_with_the_report) << size;
    }
}

TEST(Rtcp, is_refused_when_it_claims_more_blocks_than_it_has) {
    auto bytes = build_rtcp(example(), "patchbay");
    bytes[0] |= 0x1F;
    EXPECT_FALSE(parse_rtcp(bytes));
}

TEST(NtpTime, counts_from_1900) {
    EXPECT_EQ(ntp_time(0), 2208988800ULL << 32);
    EXPECT_EQ(ntp_time(1'500'000), (2208988801ULL << 32) | 0x80000000U);
}

}  // namespace
}  // namespace patchbay::media
