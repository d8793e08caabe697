#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(Utf8, WellFormedTextStaysAsItIs) {
    EXPECT_EQ(as_utf8("Анна\t1"), "Анна\t1");
    EXPECT_EQ(as_line("Анна"), "Анна");
}

TEST(Utf8, EverythingElseBecomesQuestionMarks) {
    EXPECT_EQ(as_utf8("\xcf\xe5 x"), "?? x");
    EXPECT_EQ(as_utf8("\xc3"), "?");
    EXPECT_EQ(as_line(std::string("a\0b\r\n\x7f", 6)), "a?b???");
}

}  // namespace
}  // namespace patchbay
