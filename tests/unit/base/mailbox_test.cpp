#include "base/mailbox.hpp"

#include <thread>

#include <gtest/gtest.h>
#include <poll.h>

namespace patchbay {
namespace {

bool readable(int fd) {
    pollfd wait{fd, POLLIN, 0};
    return ::poll(&wait, 1, 0) == 1;
}

TEST(Mailbox, WakesAndDrainsInOrder) {
    Mailbox<int> box(10);
    EXPECT_FALSE(readable(box.descriptor()));
    EXPECT_TRUE(box.post(1));
    EXPECT_TRUE(box.post(2));
    EXPECT_TRUE(readable(box.descriptor()));
    std::vector<int> out;
    box.drain(out);
    EXPECT_EQ(out, (std::vector<int>{1, 2}));
    EXPECT_FALSE(readable(box.descriptor()));
}

TEST(Mailbox, RefusesWorkWhenFullButNeverAFact) {
    Mailbox<int> box(1);
    EXPECT_TRUE(box.post(1));
    EXPECT_FALSE(box.post(2));
    box.post_fact(3);
    std::vector<int> out;
    box.drain(out);
    EXPECT_EQ(out, (std::vector<int>{1, 3}));
}

TEST(Mailbox, LosesNothingBetweenThreads) {
    constexpr int each = 20000;
    Mailbox<int> box(1);
    const auto produce = [&] {
        for (int i = 0; i < each; ++i) box.post_fact(i);
    };
    std::thread a(produce), b(produce);
    std::size_t got = 0;
    std::vector<int> out;
    while (got < 2 * each) {
        pollfd wait{box.descriptor(), POLLIN, 0};
        ASSERT_EQ(::poll(&wait, 1, 10000), 1);
        box.drain(out);
        got += out.size();
    }
    a.join();
    b.join();
    EXPECT_EQ(got, 2U * each);
}

}  // namespace
}  // namespace patchbay
