// What is no SIP, or bad SIP, gets its documented answer and harms nobody.
#include "office.hpp"

namespace patchbay::sip {
namespace {

class BadInput : public Office {
  protected:
    int answer_to(const std::string& number, const std::string& body, const std::string& extra) {
        auto& one = phones.empty() ? phone("101") : *phones.front();
        one.dialog = {};
        one.invite(number, body, extra);
        auto answer = one.expect("SIP/2.0 ");
        if (answer.status() == 100) answer = one.expect("SIP/2.0 ");
        return answer.status();
    }
};

TEST_F(BadInput, SdpWithoutAudioOrWithNoSense) {
    EXPECT_EQ(
        answer_to("102",
                  "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 4000 RTP/AVP 96\n",
                  ""),
        488);
    EXPECT_EQ(answer_to("102", "this is no SDP\n", ""), 400);
}

TEST_F(BadInput, ABodyOfAnotherTypeIs415AndAnUnknownExtension420) {
    EXPECT_EQ(answer_to("102", "", "Content-Type: text/plain\n"), 480);  // a type without a body is no body
    EXPECT_EQ(answer_to("102", "hello\n", "Content-Type: text/plain\n"), 400);  // two types
    auto& anna = *phones.front();
    anna.dialog = {};
    anna.invite("102", audio(), "Require: teleport\n");
    EXPECT_EQ(anna.expect("SIP/2.0 4").header("Unsupported"), "teleport");
}

TEST_F(BadInput, MaxForwardsAndLoops) {
    EXPECT_EQ(answer_to("102", audio(), "Max-Forwards: 0\n"), 483);
    const auto here = stack->bound("udp")->port;
    EXPECT_EQ(answer_to("102", audio(),
                        "Via: SIP/2.0/UDP 127.0.0.1:" + std::to_string(here) + ";branch=z9hG4bKloop\n"),
              482);
}

TEST_F(BadInput, HeadersThatRouteAndCannotBeRead) {
    const auto refused = [] { return counted("patchbay_sip_refused_total{reason=\"header\"}"); };
    double before = refused();
    for (const char* header : {"Max-Forwards: abc\n", "Max-Forwards: 99999\n", "Max-Forwards: 256\n",
                               "Max-Forwards: -1\n", "Route: <<<\n", "Record-Route: nonsense\n"}) {
        EXPECT_EQ(answer_to("102", audio(), header), 400) << header;
        EXPECT_EQ(refused(), ++before) << header;
    }
    // What Sofia itself takes for no message is counted as such (patchbay_sip_bad_messages_total).
    EXPECT_EQ(answer_to("102", audio(), "Record-Route: <<<\n"), 400);
}

TEST_F(BadInput, RequestsInDialogsThatAreNot) {
    auto& anna = phone("101");
    for (const char* method : {"BYE", "UPDATE", "INFO", "PRACK", "REFER", "INVITE", "CANCEL"}) {
        anna.dialog = {"none", "<sip:101@demo.local>;tag=a", "<sip:102@demo.local>;tag=b",
                       "sip:102@127.0.0.1", 5};
        anna.request(method, "Refer-To: <sip:103@demo.local>\nRAck: 1 1 INVITE\n");
        EXPECT_EQ(anna.expect("SIP/2.0 ").status(), 481) << method;
    }
}

TEST_F(BadInput, AnUnsupportedSchemeAnUnknownDomainAndNoUser) {
    auto& anna = phone("101");
    const auto invite = [&](const std::string& uri, const std::string& to) {
        static int count = 0;
        ++count;
        anna.send("INVITE " + uri + " SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:" + std::to_string(anna.port()) +
                  ";branch=z9hG4bKs" + std::to_string(count) +
                  "\nMax-Forwards: 70\nFrom: <sip:x@elsewhere.org>;tag=1\nTo: <" + to + ">\nCall-ID: s" +
                  std::to_string(count) + "\nCSeq: 1 INVITE\nContact: <" + anna.uri() + ">\n\n");
        return anna.expect("SIP/2.0 ").status();
    };
    EXPECT_EQ(invite("mailto:102@demo.local", "sip:102@demo.local"), 416);
    EXPECT_EQ(invite("tel:1-02", "tel:102"), 407);  // a number of ours, asked for without proof
    EXPECT_EQ(invite("sip:102@elsewhere.org", "sip:102@elsewhere.org"), 404);
    EXPECT_EQ(invite("sip:demo.local", "sip:demo.local"), 404);
}

TEST_F(BadInput, GarbageCostsNothing) {
    const auto [anna, boris] = talking();
    const std::string garbage[] = {
        std::string("\0\xff\xfe\x80zz", 6),
        "\r\n\r\n",
        "INVITE",
        "INVITE sip:102@demo.local SIP/2.0\r\n\r\n",
        "INVITE sip:102@demo.local SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\nCSeq: x INVITE\r\n\r\n",
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKzz\r\nCSeq: 1 INVITE\r\n\r\n",
        "SIP/2.0 999999 Huge\r\n\r\n",
        "BYE sip:1 SIP/7.0\r\nVia: SIP/2.0/UDP h\r\nFrom: a\r\nTo: b\r\nCall-ID: c\r\nCSeq: 99999999999 "
        "BYE\r\n\r\n",
        "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:1;branch=z9hG4bK1\r\nFrom: <sip:a>;tag=1\r\nTo: "
        "<sip:b>\r\n"
        "Call-ID: g\r\nCSeq: 1 OPTIONS\r\nContent-Length: 4000000000\r\n\r\n",
        "REGISTER sip:demo.local SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK2\r\nFrom: "
        "<sip:a>;tag=1\r\n"
        "To: <sip:b>\r\nCall-ID: g2\r\nCSeq: 1 REGISTER\r\nMax-Forwards: -4\r\n\r\n",
        std::string(60000, 'A'),
        "INVITE sip:102@demo.local SIP/2.0\r\nVia: " + std::string(30000, ',') + "\r\n\r\n"};
    for (const auto& bytes : garbage) anna.send_bytes(bytes);
    EXPECT_TRUE(anna.hears_nothing_of("BYE "));
    anna.request("BYE");
    EXPECT_EQ(anna.expect("SIP/2.0 200").status(), 200);
    boris.respond(boris.expect("BYE "), 200);
}

TEST_F(BadInput, EveryTruncationOfARealInviteIsSurvived) {
    auto& anna = phone("101");
    const std::string invite =
        "INVITE sip:102@demo.local SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:" + std::to_string(anna.port()) +
        ";branch=z9hG4bKt\r\nMax-Forwards: 70\r\nFrom: <sip:101@demo.local>;tag=1\r\nTo: "
        "<sip:102@demo.local>\r\n"
        "Call-ID: trunc\r\nCSeq: 1 INVITE\r\nContact: <sip:101@127.0.0.1>\r\nReplaces: "
        "a;to-tag=b;from-tag=c\r\n"
        "Session-Expires: 1800;refresher=uac\r\nProxy-Authorization: Digest username=\"101\", "
        "realm=\"demo.local\", "
        "nonce=\"x\", uri=\"sip:102@demo.local\", response=\"y\"\r\nContent-Type: application/sdp\r\n"
        "Content-Length: 30\r\n\r\nv=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n";
    for (std::size_t length = 1; length < invite.size(); length += 3)
        anna.send_bytes(invite.substr(0, length));
    EXPECT_TRUE(anna.hears_nothing_of("BYE "));
    EXPECT_TRUE(phone("102", false).sign_in());
}

}  // namespace
}  // namespace patchbay::sip
