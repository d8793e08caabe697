#include <stdexcept>

#include <gtest/gtest.h>

#include "http/http.hpp"

namespace patchbay::http {
namespace {

Handler nothing() {
    return [](const Request&, const Responder&) {};
}

Router sample() {
    Router router;
    router.add("GET", "/{domain}/service/{command}", nothing());
    router.add("GET", "/metrics", nothing());
    router.add("PUT", "/call/{id}", nothing());
    router.add("DELETE", "/call/{id}/", nothing());
    router.add("GET", "/call/current", nothing());
    router.add("GET", "/call/{id}", nothing());
    router.add_socket("/events", [](const Request&, const SocketPtr&) { return nullptr; });
    return router;
}

TEST(Router, gives_parameters_decoded) {
    const auto router = sample();
    const auto match = router.match("GET", "/demo.local/service/a%2Fb%20c/");
    ASSERT_TRUE(match.handler);
    EXPECT_EQ(match.parameters, (Headers{{"domain", "demo.local"}, {"command", "a/b c"}}));
    EXPECT_EQ(*match.pattern, "/{domain}/service/{command}");
}

TEST(Router, trailing_slash_makes_no_difference) {
    const auto router = sample();
    EXPECT_TRUE(router.match("GET", "/metrics/").handler);
    EXPECT_TRUE(router.match("DELETE", "/call/1").handler);
}

TEST(Router, the_literal_route_wins_whatever_the_order) {
    const auto router = sample();
    EXPECT_EQ(*router.match("GET", "/call/current").pattern, "/call/current");
    EXPECT_EQ(*router.match("GET", "/call/7").pattern, "/call/{id}");
}

TEST(Router, names_the_methods_it_does_take) {
    const auto router = sample();
    const auto match = router.match("POST", "/call/7");
    EXPECT_FALSE(match.handler);
    EXPECT_TRUE(match.pattern);
    EXPECT_EQ(match.allow, "PUT, DELETE, GET, HEAD");
}

TEST(Router, a_dialect_says_its_refusals_itself) {
    auto router = sample();
    router.refuse_below("/call", [](int status, std::string_view) {
        return Response{status, "a/b", "", {}};
    });
    for (const auto* path : {"/call/7", "/call/7/8/9", "/call"}) {
        const auto match = router.match("POST", path);
        ASSERT_NE(match.refusal, nullptr) << path;
        EXPECT_EQ((*match.refusal)(405, "").content_type, "a/b");
    }
    EXPECT_EQ(router.match("POST", "/calls").refusal, nullptr);
    EXPECT_EQ(router.match("GET", "/call/7").refusal, nullptr);
}

TEST(Router, head_is_answered_by_get) {
    const auto router = sample();
    EXPECT_TRUE(router.match("HEAD", "/metrics").handler);
}

TEST(Router, an_unknown_path_has_no_pattern) {
    const auto router = sample();
    EXPECT_FALSE(router.match("GET", "/nothing/here").pattern);
    EXPECT_FALSE(router.match("GET", "/%zz").pattern);
    EXPECT_FALSE(router.match("GET", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18").pattern);
}

TEST(Router, sockets_and_handlers_are_told_apart) {
    const auto router = sample();
    EXPECT_TRUE(router.match("GET", "/events").socket);
    EXPECT_FALSE(router.match("GET", "/events").handler);
}

TEST(Router, one_route_twice_is_a_programming_fault) {
    auto router = sample();
    EXPECT_THROW(router.add("GET", "/metrics/", nothing()), std::logic_error);
}

TEST(Request, headers_compare_without_case_and_queries_are_decoded) {
    Request request;
    request.headers = {{"X-One", "1"}, {"x-one", "2"}};
    request.query = "name=%D0%90+b";
    EXPECT_EQ(request.header("x-ONE"), "1");
    EXPECT_EQ(request.header("none"), "");
    EXPECT_EQ(request.query_value("name"), "А b");
}

}  // namespace
}  // namespace patchbay::http
