#include "sip/multipart.hpp"

#include <string>

#include <gtest/gtest.h>

namespace patchbay::sip {
namespace {

constexpr std::string_view two_parts =
    "a preamble nobody reads\r\n"
    "--b1\r\nContent-Type: application/isup;version=x\r\n\r\n\x01\x02--b1\r\n"
    "\r\n--b1\r\nContent-Disposition: session\r\nc: Application/SDP ; "
    "charset=x\r\n\r\nv=0\r\ns=-\r\n\r\n--b1--\r\n";

TEST(Multipart, ThePartOfTheTypeIsFound) {
    EXPECT_EQ(part_of(two_parts, "b1", "application/sdp"), "v=0\r\ns=-\r\n");
    EXPECT_EQ(part_of(two_parts, "b1", "application/isup"), "\x01\x02--b1\r\n");
    EXPECT_EQ(part_of("--x\nContent-Type: a/b\n\nhello\n--x--", "x", "a/b"), "hello");
}

TEST(Multipart, WhatIsNotThereOrKeepsToNoBoundaryIsNone) {
    EXPECT_FALSE(part_of(two_parts, "b1", "text/plain"));
    EXPECT_FALSE(part_of(two_parts, "b2", "application/sdp"));
    EXPECT_FALSE(part_of(two_parts, "", "application/sdp"));
    EXPECT_FALSE(part_of(two_parts, std::string(71, 'b'), "application/sdp"));
    EXPECT_FALSE(part_of("--b\r\nContent-Type: a/b\r\n\r\nnever ends", "b", "a/b"));
    EXPECT_FALSE(part_of("--b--\r\n--b\r\nContent-Type: a/b\r\n\r\nlate\r\n--b--", "b", "a/b"));
    EXPECT_FALSE(part_of("--b", "b", "a/b"));
    EXPECT_FALSE(part_of("", "b", "a/b"));
}

TEST(Multipart, APartWithoutContentIsEmpty) {
    EXPECT_EQ(part_of("--b\r\nContent-Type: a/b\r\n--b--", "b", "a/b"), "");
}

}  // namespace
}  // namespace patchbay::sip
