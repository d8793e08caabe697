#include "media/packet_numbers.hpp"

#include <gtest/gtest.h>

namespace patchbay::media {
namespace {

PacketNumbers having(std::initializer_list<std::uint64_t> numbers) {
    PacketNumbers made;
    for (const auto number : numbers) made.note(number);
    return made;
}

TEST(PacketNumbers, the_first_number_is_its_sequence_number) {
    EXPECT_EQ(PacketNumbers{}.number_of(65'000), 65'000U);
}

TEST(PacketNumbers, the_nearest_number_is_meant) {
    EXPECT_EQ(having({65'535}).number_of(0), 65'536U);
    EXPECT_EQ(having({65'536}).number_of(65'535), 65'535U);
    EXPECT_EQ(having({1'000'000}).number_of(static_cast<std::uint16_t>(1'000'100)), 1'000'100U);
    EXPECT_EQ(having({1'000'000}).number_of(static_cast<std::uint16_t>(999'900)), 999'900U);
}

TEST(PacketNumbers, there_is_none_before_zero) {
    EXPECT_EQ(having({5}).number_of(65'530), 65'530U);
    EXPECT_EQ(having({5}).number_of(4), 4U);
}

TEST(PacketNumbers, what_was_there_or_is_too_old_is_not_new) {
    const auto numbers = having({1000, 1001, 1100});
    EXPECT_FALSE(numbers.is_new(1000));
    EXPECT_FALSE(numbers.is_new(1001));
    EXPECT_FALSE(numbers.is_new(1100));
    EXPECT_TRUE(numbers.is_new(1002));
    EXPECT_TRUE(numbers.is_new(1100 - PacketNumbers::window + 1));
    EXPECT_FALSE(numbers.is_new(1100 - PacketNumbers::window));
    EXPECT_TRUE(numbers.is_new(1101));
}

TEST(PacketNumbers, a_long_gap_leaves_nothing_behind) {
    const auto numbers = having({10, 10'000});
    EXPECT_TRUE(numbers.is_new(9'999));
    EXPECT_FALSE(numbers.is_new(10'000));
    EXPECT_FALSE(numbers.is_new(10));
}

}  // namespace
}  // namespace patchbay::media
