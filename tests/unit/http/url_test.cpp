#include "http/url.hpp"

#include <gtest/gtest.h>

namespace patchbay::http {
namespace {

TEST(PercentDecode, takes_escapes_of_either_case) {
    EXPECT_EQ(percent_decode("a%2Fb%2f%41"), "a/b/A");
    EXPECT_EQ(percent_decode("a+b"), "a+b");
    EXPECT_EQ(percent_decode("a+b", true), "a b");
}

TEST(PercentDecode, refuses_broken_escapes_and_hidden_nul) {
    for (const auto* text : {"%", "%4", "%4g", "a%00b", "%-1"}) EXPECT_FALSE(percent_decode(text)) << text;
}

TEST(Target, splits_path_and_query) {
    const auto target = parse_target("/a/b%20c?x=1&y=%2f#part");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->encoded, "/a/b%20c");
    EXPECT_EQ(target->path, "/a/b c");
    EXPECT_EQ(target->query, "x=1&y=%2f");
}

TEST(Target, absolute_form_loses_its_authority) {
    EXPECT_EQ(parse_target("http://host:8086/a")->path, "/a");
    EXPECT_EQ(parse_target("HTTPS://host")->path, "/");
}

TEST(Target, dot_segments_are_resolved_and_never_leave_the_root) {
    EXPECT_EQ(parse_target("/a/../b/./c")->path, "/b/c");
    EXPECT_EQ(parse_target("/a//b")->path, "/a/b");
    EXPECT_EQ(parse_target("/a/b/")->path, "/a/b/");
    EXPECT_EQ(parse_target("/a/%2e%2E/b")->path, "/b");
    for (const auto* text : {"/..", "/a/../../b", "/%2e%2e/etc", "etc", "", "/%zz"}) {
        EXPECT_FALSE(parse_target(text)) << text;
    }
}

TEST(Target, encoded_slash_stays_inside_its_segment) {
    EXPECT_EQ(parse_target("/a%2fb/c")->encoded, "/a%2fb/c");
}

TEST(FormValue, finds_and_decodes) {
    EXPECT_EQ(form_value("a=1&b=x+y%21&c", "b"), "x y!");
    EXPECT_EQ(form_value("a=1&b=x&c", "c"), "");
    EXPECT_FALSE(form_value("a=1", "b"));
    EXPECT_FALSE(form_value("b=%zz", "b"));
}

}  // namespace
}  // namespace patchbay::http
