#include "fixture.hpp"

namespace patchbay::http {
namespace {

using testing::HttpClient;

class SocketTest : public ServerTest {
  protected:
    HttpClient socket(int receive_buffer = 0) {
        auto c = client(receive_buffer);
        EXPECT_TRUE(c.upgrade("/socket"));
        EXPECT_EQ(c.hear()->payload, "welcome");
        return c;
    }
    int close_code(HttpClient& c) {
        for (;;) {
            const auto frame = c.hear();
            if (!frame) return -1;
            if (frame->opcode == 8) return frame->close_code();
        }
    }
};

TEST_F(SocketTest, echoes_whole_and_in_order) {
    start();
    auto c = socket();
    c.say("one");
    c.say(std::string(70'000, 'b'));
    EXPECT_EQ(c.hear()->payload, "one");
    EXPECT_EQ(c.hear()->payload, std::string(70'000, 'b'));
}

TEST_F(SocketTest, a_subprotocol_is_chosen_from_what_the_client_offers) {
    start();
    auto c = client();
    c.send(HttpClient::upgrade_request("/words", "Sec-WebSocket-Protocol: other, words\r\n"));
    const auto accepted = c.answer();
    EXPECT_EQ(accepted->status, 101);
    EXPECT_EQ(accepted->header("Sec-WebSocket-Protocol"), "words");
    auto other = client();
    other.send(HttpClient::upgrade_request("/words", "Sec-WebSocket-Protocol: other\r\n"));
    EXPECT_EQ(other.answer()->status, 400);
    auto silent = client();
    EXPECT_FALSE(silent.upgrade("/words"));
}

TEST_F(SocketTest, a_route_without_a_subprotocol_chooses_none) {
    start();
    auto c = client();
    c.send(HttpClient::upgrade_request("/socket", "Sec-WebSocket-Protocol: words\r\n"));
    const auto accepted = c.answer();
    EXPECT_EQ(accepted->status, 101);
    EXPECT_EQ(accepted->header("Sec-WebSocket-Protocol"), "");
}

TEST_F(SocketTest, what_follows_the_upgrade_in_the_same_packet_is_heard) {
    start();
    auto c = client();
    c.send(HttpClient::upgrade_request("/socket") + HttpClient::frame(1, "early") +
           HttpClient::frame(1, "bird"));
    EXPECT_EQ(c.answer()->header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(c.hear()->payload, "welcome");
    EXPECT_EQ(c.hear()->payload, "early");
    EXPECT_EQ(c.hear()->payload, "bird");
}

TEST_F(SocketTest, fragments_and_pings_between_them_are_understood) {
    start();
    auto c = socket();
    c.send(HttpClient::frame(1, "hel", false) + HttpClient::frame(9, "p") + HttpClient::frame(0, "lo"));
    const auto pong = c.hear();
    EXPECT_EQ(pong->opcode, 10);
    EXPECT_EQ(pong->payload, "p");
    EXPECT_EQ(c.hear()->payload, "hello");
}

TEST_F(SocketTest, close_is_answered_and_the_dialect_hears_once) {
    start();
    auto c = socket();
    c.send(HttpClient::frame(8, std::string("\x03\xE8", 2)));
    EXPECT_EQ(close_code(c), 1000);
    EXPECT_TRUE(c.closed());
    EXPECT_TRUE(support::becomes_true([&] { return sockets_closed == 1; }));
}

TEST_F(SocketTest, a_lost_client_is_heard_of) {
    start();
    { auto c = socket(); }
    EXPECT_TRUE(support::becomes_true([&] { return sockets_closed == 1; }));
}

TEST_F(SocketTest, the_dialect_can_close) {
    start();
    auto c = socket();
    c.say("close");
    EXPECT_EQ(close_code(c), 4001);
}

TEST_F(SocketTest, bad_input_closes_with_the_code_for_it) {
    start();
    auto binary = socket();
    binary.send(HttpClient::frame(2, "x"));
    EXPECT_EQ(close_code(binary), 1003);
    auto latin = socket();
    latin.send(HttpClient::frame(1, "\xE9"));
    EXPECT_EQ(close_code(latin), 1007);
    auto huge = socket();
    huge.send(HttpClient::frame(1, std::string(1024 * 1024 + 1, 'x')));
    EXPECT_EQ(close_code(huge), 1009);
    auto unmasked = socket();
    unmasked.send(std::string("\x81\x01x", 3));
    EXPECT_EQ(close_code(unmasked), 1002);
    auto failing = socket();
    failing.say("throw");
    EXPECT_EQ(close_code(failing), 1011);
}

TEST_F(SocketTest, a_client_that_does_not_read_is_cut_off_with_1013) {
    start();
    auto c = socket(4096);
    c.say("flood 2000");
    int code = 0;
    for (auto frame = c.hear(); frame; frame = c.hear()) {
        if (frame->opcode == 8) code = frame->close_code();
    }
    EXPECT_EQ(code, 1013);
    EXPECT_TRUE(support::becomes_true([&] { return sockets_closed == 1; }));
}

TEST_F(SocketTest, a_client_that_never_reads_again_is_dropped) {
    limits.write_timeout = Milliseconds{50};
    start();
    auto c = socket(4096);
    c.say("flood 60");
    EXPECT_TRUE(support::becomes_true([&] { return sockets_closed == 1; }));
}

TEST_F(SocketTest, silence_is_pinged_and_then_ended) {
    limits.ping_after = Milliseconds{30};
    limits.dead_after = Milliseconds{200};
    start();
    auto c = socket();
    const auto ping = c.hear();
    ASSERT_TRUE(ping);
    EXPECT_EQ(ping->opcode, 9);
    EXPECT_TRUE(support::becomes_true([&] { return sockets_closed == 1; }));
}

TEST_F(SocketTest, refusals_are_ordinary_responses) {
    start();
    auto c = client();
    EXPECT_EQ(c.ask("GET", "/socket?no",
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
                    "13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
                  ->status,
              403);
    const auto old = c.ask("GET", "/socket",
                           "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    EXPECT_EQ(old->status, 426);
    EXPECT_EQ(old->header("Sec-WebSocket-Version"), "13");
    EXPECT_EQ(
        c.ask("GET", "/socket", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
            ->status,
        400);
    EXPECT_EQ(c.ask("GET", "/hello/x")->status, 200) << "the connection lives on";
}

TEST_F(SocketTest, stop_closes_with_1001) {
    start();
    auto c = socket();
    std::thread stopper([&] { server->stop(); });
    EXPECT_EQ(close_code(c), 1001);
    c.send(HttpClient::frame(8, std::string("\x03\xE9", 2)));
    stopper.join();
    EXPECT_EQ(sockets_closed, 1);
}

}  // namespace
}  // namespace patchbay::http
