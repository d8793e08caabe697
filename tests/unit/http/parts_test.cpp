// The small parts: compression, response heads, the queue of a WebSocket.
#include <gtest/gtest.h>
#include <zlib.h>

#include "http/gzip.hpp"
#include "http/response_head.hpp"
#include "http/socket_queue.hpp"

namespace patchbay::http {
namespace {

std::string unpack(std::string packed, std::size_t size) {
    z_stream stream{};
    std::string out(size, '\0');
    inflateInit2(&stream, 15 + 16);
    stream.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    return out;
}

TEST(Gzip, packs_so_that_others_can_unpack) {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "call " + std::to_string(i) + "\n";
    const auto packed = gzip(text);
    ASSERT_TRUE(packed);
    EXPECT_LT(packed->size(), text.size() / 2);
    EXPECT_EQ(unpack(*packed, text.size()), text);
}

TEST(Gzip, reads_what_the_client_accepts) {
    for (const auto* yes : {"gzip", "deflate, gzip;q=0.5", "*", "br;q=1, GZIP", "identity, *;q=0.1"}) {
        EXPECT_TRUE(accepts_gzip(yes)) << yes;
    }
    for (const auto* no : {"", "identity", "gzip;q=0", "gzip; q=0.000, *", "br"}) {
        EXPECT_FALSE(accepts_gzip(no)) << no;
    }
}

TEST(ResponseHead, writes_what_a_response_says) {
    std::string out;
    append_head(out, Response{409, "application/json", "{}", {{"X-A", "1"}}}, {.date = "now", .close = true});
    EXPECT_EQ(out,
              "HTTP/1.1 409 Conflict\r\nDate: now\r\nContent-Type: application/json\r\nX-A: 1\r\n"
              "Content-Length: 2\r\nConnection: close\r\n\r\n");
}

TEST(ResponseHead, no_body_no_length) {
    std::string out;
    append_head(out, Response{204, "text/plain", "", {}}, {.date = "now"});
    EXPECT_EQ(out, "HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n");
}

TEST(ResponseHead, nobodys_text_adds_a_header) {
    std::string out;
    append_head(out, Response{200, "", "", {{"X-A", "1\r\nX-B: 2"}}}, {.date = "now"});
    EXPECT_NE(out.find("X-A: 1X-B: 2\r\n"), std::string::npos);
}

TEST(SocketQueue, keeps_order_and_then_closes) {
    SocketQueue queue(10, 1000);
    int woken = 0;
    queue.attach([&] { ++woken; });
    EXPECT_TRUE(queue.send("one"));
    EXPECT_TRUE(queue.send("two"));
    queue.close(1000, "bye");
    EXPECT_FALSE(queue.send("three"));
    EXPECT_EQ(woken, 1) << "one wake for all that came before it was heard";
    EXPECT_EQ(queue.take(), "one");
    EXPECT_EQ(queue.take(), "two");
    EXPECT_FALSE(queue.take());
    EXPECT_EQ(queue.closing()->code, 1000);
    EXPECT_FALSE(queue.overflowed());
}

TEST(SocketQueue, too_much_waiting_cuts_the_client_off) {
    SocketQueue by_count(2, 1000), by_bytes(100, 10);
    EXPECT_TRUE(by_count.send("1"));
    EXPECT_TRUE(by_count.send("2"));
    EXPECT_FALSE(by_count.send("3"));
    EXPECT_TRUE(by_count.overflowed());
    EXPECT_EQ(by_count.closing()->code, 1013);
    EXPECT_FALSE(by_count.take()) << "what waited is dropped";
    EXPECT_TRUE(by_bytes.send(std::string(50, 'x'))) << "one message always fits";
    EXPECT_FALSE(by_bytes.send("x"));
}

TEST(SocketQueue, what_came_before_the_connection_wakes_it) {
    SocketQueue queue(10, 1000);
    queue.send("early");
    int woken = 0;
    queue.attach([&] { ++woken; });
    EXPECT_EQ(woken, 1);
    queue.detach();
    EXPECT_FALSE(queue.send("late"));
    EXPECT_EQ(woken, 1);
}

}  // namespace
}  // namespace patchbay::http
