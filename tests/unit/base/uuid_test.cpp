#include "base/uuid.hpp"

#include <set>

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(Uuid, tells_its_time_and_version) {
    const Time now{Milliseconds{1'700'000'000'123}};
    const Uuid id = Uuid::make(now);
    EXPECT_EQ(id.time(), now);
    const auto text = id.text();
    EXPECT_EQ(text.size(), 36U);
    EXPECT_EQ(text[14], '7');
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
    EXPECT_EQ(Uuid::parse(text), id);
}

TEST(Uuid, is_never_the_same_twice) {
    std::set<Uuid> seen;
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(Uuid::make(Time{})).second);
}

TEST(Uuid, takes_nothing_else_for_one) {
    for (const auto* text : {"", "0188b6f5-2c3a-7def-8123-456789abcde",
                             "0188b6f5-2c3a-7def-8123-456789abcdefg", "0188b6f5-2c3a-7def-8123_456789abcdef",
                             "../../../../../../etc/passwd-000000", "0188b6f52c3a-7def-8123-456789abcdef0"}) {
        EXPECT_FALSE(Uuid::parse(text)) << text;
    }
}

}  // namespace
}  // namespace patchbay
