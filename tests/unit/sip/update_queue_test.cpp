#include "sip/update_queue.hpp"

#include <gtest/gtest.h>

namespace patchbay::sip {
namespace {

Update offer(std::uint64_t like, bool retrieve = false) {
    Update update;
    update.offer = true;
    update.like = LegId{like};
    update.retrieve = retrieve;
    return update;
}

TEST(UpdateQueue, OneIsOutstandingAndTheRestCollapsesIntoOne) {
    UpdateQueue queue;
    EXPECT_FALSE(queue.next());
    queue.want(offer(1));
    ASSERT_TRUE(queue.next());
    queue.want(offer(2, true));
    queue.want(offer(3));
    EXPECT_FALSE(queue.next());
    queue.done();
    const auto second = queue.next();
    ASSERT_TRUE(second);
    EXPECT_EQ(second->like, LegId{3});
    EXPECT_TRUE(second->retrieve);
    queue.done();
    EXPECT_FALSE(queue.next());
}

TEST(UpdateQueue, AfterGlareItWaitsAndThenTriesWhatIsWantedByThen) {
    UpdateQueue queue;
    queue.want(offer(1, true));
    ASSERT_TRUE(queue.next());
    queue.want(offer(2));
    queue.glare();
    EXPECT_FALSE(queue.outstanding());
    EXPECT_FALSE(queue.next());
    queue.resume();
    const auto again = queue.next();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->like, LegId{2});
    EXPECT_TRUE(again->retrieve);
}

TEST(UpdateQueue, TheOwnerOfTheCallIdWaitsLonger) {
    for (std::uint64_t chance = 0; chance < 1000; ++chance) {
        const auto owner = glare_delay(true, chance), other = glare_delay(false, chance);
        EXPECT_GE(owner, Milliseconds{2100});
        EXPECT_LE(owner, Milliseconds{4000});
        EXPECT_LE(other, Milliseconds{2000});
        EXPECT_EQ(other.count() % 10, 0);
    }
}

}  // namespace
}  // namespace patchbay::sip
