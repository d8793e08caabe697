#include "base/text.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(Text, DatesGoThereAndBack) {
    const auto time = parse_date_time("2020/12/10 14:20:54", '/');
    ASSERT_TRUE(time);
    EXPECT_EQ(date_time(*time, '-'), "2020-12-10 14:20:54");
}

TEST(Text, WrongDatesAreRefused) {
    for (const auto* wrong : {"", "2020/13/10 14:20:54", "2020/02/30 14:20:54", "2020-12-10 14:20:54",
                              "2020/12/10 24:00:00", "2020/12/10 14:2x:54", "2020/12/10 14:20:54 "}) {
        EXPECT_FALSE(parse_date_time(wrong, '/')) << wrong;
    }
}

TEST(Text, Utf8IsTold) {
    EXPECT_TRUE(is_utf8("Анна €𝄞"));
    EXPECT_FALSE(is_utf8("\xC0\xAF"));
    EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
    EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));
    EXPECT_FALSE(is_utf8("\xE2\x82"));
}

TEST(Text, NumbersAreWhole) {
    EXPECT_EQ(to_number("42"), 42);
    EXPECT_FALSE(to_number("42 "));
    EXPECT_FALSE(to_number(""));
    EXPECT_FALSE(to_number("99999999999999999999"));
}

TEST(Text, SplitKeepsEmptyParts) {
    EXPECT_EQ(split("a,,b", ',').size(), 3U);
    EXPECT_EQ(split("", ',').size(), 1U);
}

}  // namespace
}  // namespace patchbay
