#include "http/request_reader.hpp"

#include <gtest/gtest.h>

namespace patchbay::http {
namespace {

using State = RequestReader::State;

// Feeds the text in pieces of that size; returns what was left over.
std::string feed(RequestReader& reader, std::string_view text, std::size_t piece) {
    std::string waiting;
    while (!text.empty() && reader.state() != State::done && reader.state() != State::failed) {
        waiting += text.substr(0, piece);
        text.remove_prefix(std::min(piece, text.size()));
        for (std::size_t used = 1; used != 0;) {
            used = reader.take(waiting);
            waiting.erase(0, used);
        }
    }
    return waiting.append(text);
}

int status_of(std::string_view text) {
    RequestReader reader(1024, 64);
    feed(reader, text, text.size());
    return reader.state() == State::failed ? reader.status() : 0;
}

TEST(RequestReader, reads_the_same_in_pieces_of_any_size) {
    constexpr std::string_view text =
        "\r\nPUT /a/b%20c?x=1 HTTP/1.1\r\nHost: h\r\nX-Name:  value \r\nContent-Length: 5\r\n\r\nhelloGET /";
    for (std::size_t piece = 1; piece < text.size(); ++piece) {
        RequestReader reader(1024, 64);
        EXPECT_EQ(feed(reader, text, piece), "GET /") << piece;
        ASSERT_EQ(reader.state(), State::done) << piece;
        EXPECT_EQ(reader.request().method, "PUT");
        EXPECT_EQ(reader.request().path, "/a/b c");
        EXPECT_EQ(reader.request().query, "x=1");
        EXPECT_EQ(reader.request().header("x-name"), "value");
        EXPECT_EQ(reader.request().body, "hello");
        EXPECT_TRUE(reader.keep_alive());
    }
}

TEST(RequestReader, joins_chunks) {
    RequestReader reader(1024, 64);
    feed(reader,
         "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
         "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
         7);
    ASSERT_EQ(reader.state(), State::done);
    EXPECT_EQ(reader.request().body, "abcde");
}

TEST(RequestReader, takes_the_last_chunk_byte_by_byte) {
    for (const auto* end : {"0\r\n\r\n", "0;a=b\r\nX: y\r\n\r\n", "1\r\nx\r\n0\r\n\r\n"}) {
        RequestReader reader(1024, 64);
        feed(reader, std::string("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n") + end,
             1);
        EXPECT_EQ(reader.state(), State::done) << end;
    }
}

TEST(RequestReader, is_ready_for_the_next_after_reset) {
    RequestReader reader(1024, 64);
    feed(reader, "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx", 99);
    reader.reset();
    EXPECT_FALSE(reader.begun());
    feed(reader, "GET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 99);
    ASSERT_EQ(reader.state(), State::done);
    EXPECT_EQ(reader.request().path, "/2");
    EXPECT_EQ(reader.request().body, "");
    EXPECT_EQ(reader.request().headers.size(), 2U);
    EXPECT_FALSE(reader.keep_alive());
}

TEST(RequestReader, gives_each_fault_its_status) {
    EXPECT_EQ(status_of("rubbish\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET /../x HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
    EXPECT_EQ(status_of("BREW / HTTP/1.1\r\nHost: h\r\n\r\n"), 501);
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), 501);
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"),
              415);
    EXPECT_EQ(status_of("POST / HTTP/1.0\r\n\r\n"), 411);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n\r\n"), 417);
}

TEST(RequestReader, two_lengths_that_differ_smuggle_nothing) {
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
              400);
    EXPECT_EQ(
        status_of("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx"),
        400);
    EXPECT_EQ(
        status_of("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\nx"),
        400);
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\nx"), 400);
}

TEST(RequestReader, keeps_its_limits) {
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65\r\n\r\n"), 413);
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 64\r\n\r\n"), 0);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2000, 'x') + "\r\n\r\n"), 431);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2000, 'x')), 431) << "not yet whole";
    std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 0; i < 300; ++i) many += "A: b\r\n";
    RequestReader reader(1024, 64);
    feed(reader, many, 5);
    EXPECT_EQ(reader.status(), 431) << "in small pieces";
}

TEST(RequestReader, counts_chunks_against_the_body_limit) {
    std::string text = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 10; ++i) text += "a\r\n0123456789\r\n";
    EXPECT_EQ(status_of(text), 413);
}

}  // namespace
}  // namespace patchbay::http
