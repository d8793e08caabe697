#include "media/digit_sender.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace patchbay::media {
namespace {

TEST(DigitSender, holds_the_key_lets_go_three_times_and_pauses) {
    DigitSender sender;
    ASSERT_TRUE(sender.add('9'));
    std::vector<DigitSender::Step> steps;
    int ticks = 0;
    for (; !sender.idle(); ++ticks) {
        if (const auto step = sender.next()) steps.push_back(*step);
    }
    EXPECT_EQ(ticks, 11);
    ASSERT_EQ(steps.size(), 8U);
    EXPECT_TRUE(steps[0].first);
    EXPECT_EQ(steps[0].event.duration, 160);
    EXPECT_FALSE(steps[4].event.end);
    EXPECT_EQ(steps[4].event.duration, 800);
    for (std::size_t i = 5; i < 8; ++i) {
        EXPECT_TRUE(steps[i].event.end);
        EXPECT_EQ(steps[i].event.duration, 800);
        EXPECT_FALSE(steps[i].first);
    }
}

TEST(DigitSender, takes_only_digits_and_only_so_many) {
    DigitSender sender;
    EXPECT_FALSE(sender.add('x'));
    EXPECT_TRUE(sender.idle());
    for (int i = 0; i < 64; ++i) EXPECT_TRUE(sender.add('1'));
    EXPECT_FALSE(sender.add('1'));
}

}  // namespace
}  // namespace patchbay::media
