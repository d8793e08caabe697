// Copies for a capture server, read back chunk by chunk.
#include <map>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "observe/hep_reports.hpp"

namespace patchbay::observe {
namespace {

unsigned number(std::string_view bytes) {
    unsigned value = 0;
    for (const char byte : bytes) value = (value << 8U) | static_cast<unsigned char>(byte);
    return value;
}

std::map<unsigned, std::string> chunks_of(std::string_view datagram) {
    std::map<unsigned, std::string> chunks;
    EXPECT_EQ(datagram.substr(0, 4), "HEP3");
    EXPECT_EQ(number(datagram.substr(4, 2)), datagram.size());
    for (std::size_t at = 6; at + 6 <= datagram.size();) {
        EXPECT_EQ(number(datagram.substr(at, 2)), 0U) << "vendor";
        const auto size = number(datagram.substr(at + 4, 2));
        EXPECT_GE(size, 6U);
        chunks[number(datagram.substr(at + 2, 2))] = datagram.substr(at + 6, size - 6);
        at += std::max(size, 6U);
    }
    return chunks;
}

HepPacket packet_between(const char* from, const char* to) {
    HepPacket packet;
    packet.from = *media::Address::parse({from, 4001});
    packet.to = *media::Address::parse({to, 20003});
    packet.at = std::chrono::microseconds(1'700'000'000'123'456);
    packet.payload = "{}";
    packet.correlation = "0647e2cf80d0cc01";
    return packet;
}

TEST(Hep, says_who_what_and_when) {
    const auto chunks = chunks_of(encode(packet_between("192.0.2.1", "192.0.2.2"), 77, "secret"));
    EXPECT_EQ(number(chunks.at(1)), 2U);
    EXPECT_EQ(number(chunks.at(2)), 17U);
    EXPECT_EQ(chunks.at(3), std::string("\xC0\0\x02\x01", 4));
    EXPECT_EQ(chunks.at(4), std::string("\xC0\0\x02\x02", 4));
    EXPECT_EQ(number(chunks.at(7)), 4001U);
    EXPECT_EQ(number(chunks.at(8)), 20003U);
    EXPECT_EQ(number(chunks.at(9)), 1'700'000'000U);
    EXPECT_EQ(number(chunks.at(10)), 123'456U);
    EXPECT_EQ(number(chunks.at(11)), 5U);
    EXPECT_EQ(number(chunks.at(12)), 77U);
    EXPECT_EQ(chunks.at(14), "secret");
    EXPECT_EQ(chunks.at(15), "{}");
    EXPECT_EQ(chunks.at(17), "0647e2cf80d0cc01");
}

TEST(Hep, knows_ipv6_and_leaves_out_what_is_empty) {
    const auto chunks = chunks_of(encode(packet_between("2001:db8::1", "2001:db8::2"), 1, ""));
    EXPECT_EQ(number(chunks.at(1)), 10U);
    EXPECT_EQ(chunks.at(5).size(), 16U);
    EXPECT_EQ(chunks.at(6).back(), '\x02');
    EXPECT_FALSE(chunks.contains(3));
    EXPECT_FALSE(chunks.contains(14));
}

TEST(Hep, reports_are_json) {
    const media::RtcpReport report{.ssrc = 7,
                                   .sender = media::SenderInfo{.ntp_time = (5ULL << 32U) | 6, .packets = 100},
                                   .blocks = {{.ssrc = 8, .packets_lost = -1, .jitter = 12}}};
    const auto json = boost::json::parse(json_of(report)).as_object();
    EXPECT_EQ(json.at("type").to_number<int>(), 200);
    EXPECT_EQ(json.at("sender_information").at("packets").to_number<int>(), 100);
    EXPECT_EQ(json.at("sender_information").at("ntp_timestamp_sec").to_number<int>(), 5);
    EXPECT_EQ(json.at("report_blocks").at(0).at("packets_lost").to_number<int>(), -1);
    EXPECT_EQ(json.at("report_blocks").at(0).at("ia_jitter").to_number<int>(), 12);
    EXPECT_EQ(boost::json::parse(json_of(media::RtcpReport{.ssrc = 7})).at("type").to_number<int>(), 201);
}

TEST(Hep, without_an_address_nothing_is_sent) {
    const HepReports reports{config::Hep{}};
    EXPECT_FALSE(reports.wants_rtcp());
}

}  // namespace
}  // namespace patchbay::observe
