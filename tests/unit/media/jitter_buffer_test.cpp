#include "media/jitter_buffer.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "media/g711.hpp"

namespace patchbay::media {
namespace {

constexpr std::uint8_t loud = 0xAA;  // the largest sample of A law
const std::int16_t loud_sample = decode(Codec::pcma, loud);

class JitterBufferStory : public testing::Test {
  protected:
    void write(std::uint32_t timestamp, std::size_t size = 160) {
        buffer.write(timestamp, Codec::pcma, std::vector<std::uint8_t>(size, loud));
    }
    /// How many loud samples the next frame has; -1 when nothing waits.
    long read() {
        Frame frame{};
        return buffer.read(frame) ? std::ranges::count(frame, loud_sample) : -1;
    }
    JitterBuffer buffer;
};

TEST_F(JitterBufferStory, gives_what_came_after_40_ms) {
    EXPECT_EQ(read(), -1);
    write(1000);
    EXPECT_EQ(read(), 0);
    EXPECT_EQ(read(), 0);
    EXPECT_EQ(read(), 160);
    EXPECT_EQ(read(), -1);
}

TEST_F(JitterBufferStory, packets_may_come_in_any_order_and_size) {
    write(0xFFFFFFF0, 80);
    write(0xFFFFFFF0 + 240, 80);
    write(0xFFFFFFF0 + 80, 160);
    read();
    read();
    EXPECT_EQ(read(), 160);
    EXPECT_EQ(read(), 160);
}

TEST_F(JitterBufferStory, lost_packet_is_silence_in_its_place) {
    write(1000);
    write(1320);
    read();
    read();
    EXPECT_EQ(read(), 160);
    EXPECT_EQ(read(), 0);
    EXPECT_EQ(read(), 160);
}

TEST_F(JitterBufferStory, packet_too_late_is_left_out) {
    write(1000);
    write(1320);
    for (int i = 0; i < 4; ++i) read();
    write(1160);
    EXPECT_EQ(read(), 160);
    EXPECT_EQ(read(), -1);
}

TEST_F(JitterBufferStory, jump_of_the_timestamp_begins_anew) {
    write(1000);
    write(4'000'000'000);
    read();
    read();
    EXPECT_EQ(read(), 160);
    EXPECT_EQ(read(), -1);
}

TEST_F(JitterBufferStory, long_wait_is_shortened) {
    std::uint32_t timestamp = 0;
    for (int i = 0; i < 12; ++i, timestamp += 160) write(timestamp);  // a burst: 14 frames wait
    int silent = 0;
    for (int tick = 0; tick < 1000; ++tick) {
        write(timestamp);
        timestamp += 160;
        silent += read() < 160 ? 1 : 0;
    }
    EXPECT_EQ(silent, 2);  // those of the begin
    int waiting = 0;
    while (read() >= 0) ++waiting;
    EXPECT_LE(waiting, 5);
}

TEST_F(JitterBufferStory, oversized_packet_is_left_out) {
    write(1000, 4000);
    EXPECT_EQ(read(), -1);
}

}  // namespace
}  // namespace patchbay::media
