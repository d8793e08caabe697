#include "sip/sdp.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace patchbay::sip::sdp {
namespace {

const std::string head = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

Description parsed(const std::string& body) {
    auto description = parse(body);
    EXPECT_TRUE(description.ok()) << (description.ok() ? "" : description.error().text);
    return description.ok() ? *description : Description{};
}

std::string complaint(const std::string& body) {
    auto description = parse(body);
    return description.ok() ? "" : description.error().text;
}

TEST(Sdp, AnOrdinaryPhonesOfferIsRead) {
    const auto body = parsed(head +
                             "m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\n"
                             "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:30\r\n"
                             "a=rtcp:4005 IN IP4 192.0.2.9\r\na=rtcp-mux\r\na=sendonly\r\n");
    ASSERT_EQ(body.media.size(), 1u);
    const Media& audio = body.media[0];
    EXPECT_EQ(audio.kind, "audio");
    EXPECT_EQ(audio.port, 4000);
    EXPECT_EQ(audio.address, "192.0.2.1");
    EXPECT_EQ(audio.ptime, 30);
    EXPECT_EQ(audio.direction, Direction::sendonly);
    EXPECT_TRUE(audio.rtcp_mux);
    EXPECT_EQ(audio.rtcp, (config::Endpoint{"192.0.2.9", 4005}));
    ASSERT_EQ(audio.formats.size(), 3u);
    EXPECT_EQ(audio.formats[2], (Format{101, "telephone-event", 8000, 1, "0-15"}));
}

TEST(Sdp, AStaticPayloadTypeNeedsNoRtpmap) {
    const auto body = parsed(head + "m=audio 4000 RTP/AVP 0 8 9 18\r\n");
    EXPECT_EQ(body.media[0].formats[0].encoding, "PCMU");
    EXPECT_EQ(body.media[0].formats[1].encoding, "PCMA");
    EXPECT_EQ(body.media[0].formats[2].clock_rate, 8000);
    EXPECT_EQ(body.media[0].formats[3].encoding, "G729");
}

TEST(Sdp, ADynamicPayloadTypeNobodyExplainedHasNoEncoding) {
    EXPECT_EQ(parsed(head + "m=audio 4000 RTP/AVP 97\r\n").media[0].formats[0].encoding, "");
}

TEST(Sdp, WhatTheMediaLineSaysOverridesTheBody) {
    const auto body = parsed(
        "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\na=inactive\n"
        "m=audio 4000 RTP/AVP 0\nm=audio 4002 RTP/AVP 0\nc=IN IP4 192.0.2.2\na=sendrecv\n");
    EXPECT_EQ(body.media[0].address, "192.0.2.1");
    EXPECT_EQ(body.media[0].direction, Direction::inactive);
    EXPECT_EQ(body.media[1].address, "192.0.2.2");
    EXPECT_EQ(body.media[1].direction, Direction::sendrecv);
}

TEST(Sdp, SecureAndForeignProfilesAreRecognised) {
    const auto body = parsed(head +
                             "m=audio 4000 RTP/SAVP 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
                             "m=image 5000 udptl t38\r\nm=application 9 TCP/BFCP *\r\n");
    EXPECT_EQ(body.media[0].profile, Profile::savp);
    EXPECT_EQ(body.media[1].profile, Profile::dtls_savpf);
    EXPECT_EQ(body.media[2].profile, Profile::udptl);
    EXPECT_EQ(body.media[2].format_text, "t38");
    EXPECT_EQ(body.media[3].format_text, "*");
}

TEST(Sdp, BareLineFeedsBlankLinesAndUnknownLinesAreTolerated) {
    const auto body =
        parsed("v=0\no=- x7 abc IN IP4 10.0.0.1\nX=what\nc=IN IP4 10.0.0.1\nm=audio 1 RTP/AVP 0\n\n");
    EXPECT_EQ(body.media[0].address, "10.0.0.1");
}

TEST(Sdp, Ipv6IsReadAndWritten) {
    const auto body =
        parsed("v=0\r\no=- 1 1 IN IP6 2001:db8::1\r\nc=IN IP6 2001:db8::1\r\nm=audio 5 RTP/AVP 0\r\n");
    EXPECT_EQ(body.media[0].address, "2001:db8::1");
    EXPECT_NE(write(body).find("c=IN IP6 2001:db8::1\r\n"), std::string::npos);
}

TEST(Sdp, ABrokenBodySaysWhichLineAndWhatWasExpected) {
    EXPECT_EQ(complaint(head + "m=audio nine RTP/AVP 0\r\n"),
              "SDP line 6 (\"m=audio nine RTP/AVP 0\"): expected m=kind port protocol formats");
    EXPECT_EQ(complaint("o=- 1 1 IN IP4 1.1.1.1\r\n"),
              "SDP line 1 (\"o=- 1 1 IN IP4 1.1.1.1\"): expected v=0");
    EXPECT_EQ(complaint("v=0\r\ns=-\r\n"), "the SDP body has no o= line");
    EXPECT_EQ(complaint(""), "the SDP body has no o= line");
}

TEST(Sdp, AbsurdValuesAreRefused) {
    for (const std::string line :
         {"m=audio 70000 RTP/AVP 0", "m=audio -1 RTP/AVP 0", "m=audio 4000 RTP/AVP 200",
          "m=audio 4000 RTP/AVP x", "m=audio 4000 RTP/AVP", "m=", "c=IN IP4", "c=IN IP9 1.2.3.4",
          "c=IN IP4 224.1.1.1/127", "no equals sign", "o=late 1 1 IN"})
        EXPECT_NE(complaint(head + line + "\r\n"), "") << line;
    for (const std::string line :
         {"a=rtpmap:8", "a=rtpmap:8 PCMA", "a=rtpmap:8 PCMA/0", "a=rtpmap:300 X/8000", "a=rtcp:x",
          "a=rtcp:5 IN IP4 host", "o=- 1 1 IN IP4 1.1.1.1", "a=\x01"})
        EXPECT_NE(complaint(head + "m=audio 4000 RTP/AVP 8\r\n" + line + "\r\n"), "") << line;
}

TEST(Sdp, SizesAreLimitedAndTheLimitItselfIsAllowed) {
    std::string types, too_many_lines = head, media = head;
    for (std::size_t i = 0; i < Limits::formats; ++i) types += fmt::format(" {}", i);
    EXPECT_EQ(complaint(head + "m=audio 4000 RTP/AVP" + types + "\r\n"), "");
    EXPECT_NE(complaint(head + "m=audio 4000 RTP/AVP" + types + " 100\r\n"), "");
    for (std::size_t i = 0; i < Limits::media; ++i) media += "m=audio 4000 RTP/AVP 0\r\n";
    EXPECT_EQ(complaint(media), "");
    EXPECT_NE(complaint(media + "m=audio 4000 RTP/AVP 0\r\n"), "");
    for (std::size_t i = 0; i < Limits::lines; ++i) too_many_lines += "a=x\r\n";
    EXPECT_NE(complaint(too_many_lines), "");
    EXPECT_NE(complaint(head + "a=" + std::string(Limits::line_bytes, 'x') + "\r\n"), "");
    EXPECT_NE(complaint(head + std::string(Limits::bytes, '\n')), "");
}

TEST(Sdp, WhatIsWrittenIsReadBackTheSame) {
    auto body = parsed(head +
                       "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
                       "a=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n"
                       "m=audio 4002 RTP/AVPF 0\r\nc=IN IP4 192.0.2.2\r\na=rtcp-mux\r\n");
    EXPECT_EQ(parsed(write(body)), body);
}

TEST(Sdp, DirectionsTurnRound) {
    EXPECT_EQ(reversed(Direction::sendonly), Direction::recvonly);
    EXPECT_EQ(reversed(Direction::recvonly), Direction::sendonly);
    EXPECT_EQ(reversed(Direction::sendrecv), Direction::sendrecv);
    EXPECT_EQ(reversed(Direction::inactive), Direction::inactive);
}

TEST(Sdp, OnlyLiteralsAreAddresses) {
    EXPECT_TRUE(is_address("127.0.0.1"));
    EXPECT_TRUE(is_address("::1"));
    EXPECT_FALSE(is_address("localhost"));
    EXPECT_FALSE(is_address("1.2.3"));
    EXPECT_FALSE(is_address(""));
}

}  // namespace
}  // namespace patchbay::sip::sdp
