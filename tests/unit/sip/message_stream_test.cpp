#include "sip/message_stream.hpp"

#include <gtest/gtest.h>

namespace patchbay::sip {
namespace {

const std::string options =
    "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP y\r\n"
    "Content-Length: 0\r\n\r\n";
const std::string info = "INFO sip:a@b SIP/2.0\r\nv: SIP/2.0/TCP 127.0.0.1\r\nl: 4\r\n\r\nbody";

TEST(MessageStream, cuts_messages_wherever_the_pieces_end) {
    const std::string both = "\r\n\r\n" + options + "\r\n" + info + options;
    for (std::size_t size = 1; size <= both.size(); size += 7) {
        MessageStream stream(65536);
        std::vector<std::string> got;
        for (std::size_t at = 0; at < both.size(); at += size) {
            stream.feed(std::string_view(both).substr(at, size));
            while (auto message = stream.next()) got.push_back(*message);
        }
        EXPECT_EQ(got, (std::vector{options, info, options})) << size;
        EXPECT_FALSE(stream.broken());
    }
}

TEST(MessageStream, breaks_at_a_length_that_is_none_or_too_long) {
    for (const std::string length : {"x", "-1", "99999999999999999999", "70000"}) {
        MessageStream stream(65536);
        stream.feed("INFO sip:a@b SIP/2.0\r\nContent-Length: " + length + "\r\n\r\n");
        EXPECT_FALSE(stream.next());
        EXPECT_TRUE(stream.broken()) << length;
    }
    MessageStream endless(1000);
    endless.feed(std::string(1001, 'x'));
    EXPECT_FALSE(endless.next());
    EXPECT_TRUE(endless.broken());
}

TEST(MessageStream, exchanges_the_transport_of_the_topmost_via_alone) {
    EXPECT_EQ(
        with_transport(options, "TCP"),
        "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP x.invalid;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP y\r\n"
        "Content-Length: 0\r\n\r\n");
    EXPECT_EQ(with_transport(info, "WS"),
              "INFO sip:a@b SIP/2.0\r\nv: SIP/2.0/WS 127.0.0.1\r\nl: 4\r\n\r\nbody");
    EXPECT_EQ(with_transport("X y SIP/2.0\r\nVia: SIP / 2.0 / TCP h\r\n\r\n", "WS"),
              "X y SIP/2.0\r\nVia: SIP / 2.0 / WS h\r\n\r\n");
    for (const std::string odd :
         {"", "Via: SIP/2.0/TCP h", "X\r\nVia: nothing\r\n\r\n", "X\r\nVia: a/b/\r\n\r\n"})
        EXPECT_LE(with_transport(odd, "WS").size(), odd.size() + 2);
}

TEST(MessageStream, a_frame_is_given_the_length_it_may_leave_out) {
    const std::string bare = "INFO sip:a@b SIP/2.0\r\nVia: SIP/2.0/WS x\r\n\r\nbody";
    EXPECT_EQ(with_length(bare),
              "INFO sip:a@b SIP/2.0\r\nVia: SIP/2.0/WS x\r\nContent-Length: 4\r\n\r\nbody");
    EXPECT_EQ(with_length(info), info);
    EXPECT_FALSE(with_length(info + "more"));
    EXPECT_FALSE(with_length("no end of headers"));
}

}  // namespace
}  // namespace patchbay::sip
