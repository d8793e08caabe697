#include "media/jitter_buffer.hpp"

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

namespace patchbay::media {
namespace {

using namespace std::chrono_literals;
using Taken = JitterBuffer::Taken;

class JitterBufferStory : public ::testing::Test {
  protected:
    Taken write(std::uint32_t timestamp, std::uint8_t byte = 1) {
        return buffer.write(timestamp, std::vector<std::uint8_t>(160, byte), false, Moment{1s});
    }
    std::vector<std::uint32_t> timestamps() {
        std::vector<std::uint32_t> all;
        for (; buffer.front() != nullptr; buffer.drop_front()) all.push_back(buffer.front()->timestamp);
        return all;
    }
    JitterBuffer buffer{8000};
};

TEST_F(JitterBufferStory, packets_of_any_order_come_out_in_theirs_over_the_wrap) {
    write(0xFFFFFFF0 + 320);
    write(0xFFFFFFF0);
    write(0xFFFFFFF0 + 160);
    EXPECT_EQ(timestamps(), (std::vector<std::uint32_t>{0xFFFFFFF0, 0x90, 0x130}));
}

TEST_F(JitterBufferStory, a_packet_counts_once) {
    EXPECT_EQ(write(1000, 1), Taken::kept);
    EXPECT_EQ(write(1000, 2), Taken::duplicate);
    EXPECT_EQ(buffer.front()->payload.front(), 1);
    EXPECT_EQ(buffer.waiting(), 1U);
}

TEST_F(JitterBufferStory, a_packet_whose_time_is_over_is_late) {
    write(1000);
    buffer.drop_front();
    buffer.played_to(1160);
    EXPECT_EQ(write(1000), Taken::late);
    EXPECT_EQ(write(1160), Taken::kept);
}

TEST_F(JitterBufferStory, one_packet_of_a_minute_ago_changes_nothing) {
    buffer.played_to(1'000'000);
    EXPECT_EQ(write(1'000'000), Taken::kept);
    EXPECT_EQ(write(1'000'000 - 60 * 8000), Taken::strange);
    EXPECT_EQ(write(1'000'160), Taken::kept);
    EXPECT_EQ(timestamps(), (std::vector<std::uint32_t>{1'000'000, 1'000'160}));
}

TEST_F(JitterBufferStory, a_sender_that_jumped_begins_anew) {
    write(1000);
    EXPECT_EQ(write(90'000'000), Taken::strange);
    EXPECT_EQ(write(90'000'160), Taken::strange);
    EXPECT_EQ(write(90'000'320), Taken::kept);
    EXPECT_EQ(timestamps(), std::vector<std::uint32_t>{90'000'320});
}

TEST_F(JitterBufferStory, a_flood_takes_no_more_memory_than_its_bound) {
    for (std::uint32_t i = 0; i < 1000; ++i) write(1000 + i);
    EXPECT_LE(buffer.waiting(), 64U);
}

}  // namespace
}  // namespace patchbay::media
