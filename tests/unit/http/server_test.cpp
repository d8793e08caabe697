#include "fixture.hpp"

namespace patchbay::http {
namespace {

TEST_F(ServerTest, answers_and_keeps_the_connection) {
    start();
    auto c = client();
    for (int i = 0; i < 3; ++i) {
        const auto answer = c.ask("GET", "/hello/%D0%90%20b/");
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->body, "hello А b");
        EXPECT_FALSE(answer->header("Date").empty());
    }
}

TEST_F(ServerTest, pipelined_requests_are_answered_in_order) {
    start();
    auto c = client();
    c.send(
        "GET /held HTTP/1.1\r\nHost: h\r\n\r\n"
        "GET /hello/2 HTTP/1.1\r\nHost: h\r\n\r\n"
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n3");
    await_held(1);
    std::thread([answer = held.front()] { answer({200, "text/plain", "1", {}}); }).join();
    EXPECT_EQ(c.answer()->body, "1");
    EXPECT_EQ(c.answer()->body, "hello 2");
    EXPECT_EQ(c.answer()->body, "3");
}

TEST_F(ServerTest, a_dropped_request_answers_500_and_a_second_answer_is_nothing) {
    start();
    auto c = client();
    EXPECT_EQ(c.ask("GET", "/dropped")->status, 500);
    EXPECT_EQ(c.ask("GET", "/throws")->status, 500);
    EXPECT_EQ(c.ask("GET", "/twice")->body, "first");
    EXPECT_EQ(c.ask("GET", "/hello/x")->body, "hello x");
}

TEST_F(ServerTest, an_answer_after_the_client_left_is_dropped) {
    start();
    {
        auto c = client();
        c.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n");
        await_held(1);
    }
    held.front()({200, "text/plain", "too late", {}});
    auto other = client();
    EXPECT_EQ(other.ask("GET", "/hello/x")->status, 200);
}

TEST_F(ServerTest, a_handler_that_never_answers_costs_the_client_504) {
    limits.answer_timeout = Milliseconds{50};
    start();
    auto c = client();
    EXPECT_EQ(c.ask("GET", "/held")->status, 504);
    EXPECT_EQ(c.ask("GET", "/hello/x")->status, 200);
    held.front()({200, "text/plain", "much too late", {}});
    EXPECT_EQ(c.ask("GET", "/hello/y")->body, "hello y");
}

TEST_F(ServerTest, unknown_paths_and_methods_are_told) {
    start();
    auto c = client();
    EXPECT_EQ(c.ask("GET", "/nothing")->status, 404);
    const auto wrong = c.ask("DELETE", "/echo");
    EXPECT_EQ(wrong->status, 405);
    EXPECT_EQ(wrong->header("Allow"), "POST, OPTIONS");
    const auto options = c.ask("OPTIONS", "/hello/x");
    EXPECT_EQ(options->status, 204);
    EXPECT_EQ(options->header("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(c.ask("OPTIONS", "*")->status, 204);
    EXPECT_EQ(c.ask("GET", "/socket")->status, 426);
}

TEST_F(ServerTest, head_has_the_length_and_no_body) {
    start();
    auto c = client();
    const auto head = c.ask("HEAD", "/hello/x");
    EXPECT_EQ(head->status, 200);
    EXPECT_EQ(head->header("Content-Length"), "7");
    EXPECT_EQ(c.ask("GET", "/hello/y")->body, "hello y") << "nothing came between";
}

TEST_F(ServerTest, malformed_requests_get_their_status_and_the_connection_ends) {
    start();
    const std::pair<std::string, int> cases[]{
        {"rubbish\r\n\r\n", 400},
        {"GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505},
        {"BREW / HTTP/1.1\r\nHost: h\r\n\r\n", 501},
        {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(3000, 'x') + "\r\n\r\n", 431},
        {"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, 'x'), 413},
    };
    for (const auto& [bytes, status] : cases) {
        auto c = client();
        c.send(bytes);
        const auto answer = c.answer();
        ASSERT_TRUE(answer) << status;
        EXPECT_EQ(answer->status, status);
        EXPECT_EQ(answer->header("Connection"), "close");
        EXPECT_TRUE(c.closed());
    }
}

TEST_F(ServerTest, expect_continue_is_asked_for_the_body_or_refused) {
    start();
    auto c = client();
    c.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(c.answer()->status, 100);
    c.send("hi");
    EXPECT_EQ(c.answer()->body, "hi");
    c.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n");
    EXPECT_EQ(c.answer()->status, 413);
}

TEST_F(ServerTest, connection_close_and_http_1_0_are_obeyed) {
    start();
    auto c = client();
    EXPECT_EQ(c.ask("GET", "/hello/x", "Connection: close\r\n")->header("Connection"), "close");
    EXPECT_TRUE(c.closed());
    auto old = client();
    old.send("GET /hello/x HTTP/1.0\r\n\r\n");
    EXPECT_EQ(old.answer()->body, "hello x");
    EXPECT_TRUE(old.closed());
}

TEST_F(ServerTest, long_answers_are_packed_for_those_who_take_it) {
    start();
    auto c = client();
    const auto packed = c.ask("GET", "/long?bytes=5000", "Accept-Encoding: gzip\r\n");
    EXPECT_EQ(packed->header("Content-Encoding"), "gzip");
    EXPECT_LT(packed->body.size(), 500U);
    const auto plain = c.ask("GET", "/long?bytes=5000");
    EXPECT_EQ(plain->header("Content-Encoding"), "");
    EXPECT_EQ(plain->header("Vary"), "Accept-Encoding");
    EXPECT_EQ(plain->body.size(), 5000U);
    const auto brief = c.ask("GET", "/long?bytes=500", "Accept-Encoding: gzip\r\n");
    EXPECT_EQ(brief->header("Content-Encoding"), "");
}

TEST_F(ServerTest, a_large_answer_arrives_whole) {
    start();
    auto c = client();
    EXPECT_EQ(c.ask("GET", "/long?bytes=3000000")->body, std::string(3'000'000, 'x'));
}

TEST_F(ServerTest, a_header_that_dribbles_in_gets_408) {
    limits.header_timeout = Milliseconds{50};
    start();
    auto c = client();
    c.send("GET / HTTP/1.1\r\nHo");
    EXPECT_EQ(c.answer()->status, 408);
    EXPECT_TRUE(c.closed());
}

TEST_F(ServerTest, a_body_that_stays_away_gets_408) {
    limits.body_timeout = Milliseconds{50};
    start();
    auto c = client();
    c.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhi");
    EXPECT_EQ(c.answer()->status, 408);
}

TEST_F(ServerTest, a_client_that_does_not_read_is_cut_off) {
    limits.write_timeout = Milliseconds{-100'000'000};  // the second for every 64 KB counts, too
    start();
    auto c = client(4096);
    c.send("GET /long?bytes=100000000 HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(support::becomes_true([] {
        return metrics::exposition().find("patchbay_http_refused_total{reason=\"slow\"}") !=
               std::string::npos;
    }));
    EXPECT_FALSE(c.answer());
}

TEST_F(ServerTest, an_idle_connection_is_closed) {
    settings.idle_timeout = Seconds{0};
    start();
    EXPECT_TRUE(client().closed());
}

TEST_F(ServerTest, one_connection_too_many_gets_503) {
    settings.max_connections = 2;
    start();
    auto first = client(), second = client();
    EXPECT_EQ(first.ask("GET", "/hello/x")->status, 200);
    EXPECT_EQ(second.ask("GET", "/hello/x")->status, 200);
    {
        auto third = client();
        const auto refused = third.ask("GET", "/hello/x");
        EXPECT_EQ(refused->status, 503);
        EXPECT_EQ(refused->header("Retry-After"), "5");
    }
    EXPECT_EQ(first.ask("GET", "/hello/x")->status, 200);
}

TEST_F(ServerTest, several_threads_serve_many_clients) {
    settings.threads = 3;
    start();
    std::vector<testing::HttpClient> clients;
    for (int i = 0; i < 30; ++i) clients.push_back(client());
    for (int round = 0; round < 5; ++round) {
        for (auto& c : clients) c.send("GET /hello/x HTTP/1.1\r\nHost: h\r\n\r\n");
        for (auto& c : clients) EXPECT_EQ(c.answer()->body, "hello x");
    }
}

TEST_F(ServerTest, a_taken_port_is_told_at_start) {
    start();
    settings.listen.port = server->port();
    Server second(settings, Router{});
    EXPECT_THROW(second.start(), std::runtime_error);
}

TEST_F(ServerTest, stop_lets_a_request_be_answered_and_closes_the_idle) {
    start();
    auto idle = client(), busy = client();
    EXPECT_EQ(idle.ask("GET", "/hello/x")->status, 200);
    busy.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n");
    await_held(1);
    std::thread stopper([&] { server->stop(); });
    EXPECT_TRUE(idle.closed());
    held.front()({200, "text/plain", "done", {}});
    const auto answer = busy.answer();
    stopper.join();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "done");
}

TEST_F(ServerTest, stop_does_not_wait_for_ever) {
    start();
    auto busy = client();
    busy.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n");
    await_held(1);
    server->stop(Milliseconds{50});
    held.front()({200, "text/plain", "into the void", {}});
    EXPECT_TRUE(busy.closed());
}

TEST_F(ServerTest, counts_by_route_method_and_status) {
    start();
    auto c = client();
    c.ask("GET", "/hello/anybody");
    c.ask("GET", "/nowhere");
    EXPECT_TRUE(support::becomes_true([] {
        const auto text = metrics::exposition();
        return text.find("{method=\"GET\",route=\"/hello/{name}\",status=\"200\"}") != std::string::npos &&
               text.find("{method=\"GET\",route=\"none\",status=\"404\"}") != std::string::npos;
    })) << metrics::exposition();
}

}  // namespace
}  // namespace patchbay::http
