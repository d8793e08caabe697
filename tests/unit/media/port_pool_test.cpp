#include "media/port_pool.hpp"

#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>

namespace patchbay::media {
namespace {

using namespace std::chrono_literals;

constexpr Moment start{1000s};

TEST(PortPool, rested_pair_is_used_again_before_a_new_one_is_bound) {
    PortPool pool("127.0.0.1", 32100, 32199, 3);
    auto pair = pool.take(start);
    ASSERT_TRUE(pair);
    EXPECT_EQ(pair->port, 32106);
    const int descriptor = pair->rtp.get();
    pool.give_back(std::move(*pair), start);
    const auto fresh = pool.take(start + 500ms);
    EXPECT_EQ(fresh->port, 32108);
    const auto again = pool.take(start + 1500ms);
    EXPECT_EQ(again->port, 32106);
    EXPECT_EQ(again->rtp.get(), descriptor);
}

TEST(PortPool, tired_pair_is_used_when_there_is_no_other) {
    PortPool pool("127.0.0.1", 32200, 32201, 0);
    auto pair = pool.take(start);
    ASSERT_TRUE(pair);
    EXPECT_FALSE(pool.take(start));
    pool.give_back(std::move(*pair), start);
    EXPECT_TRUE(pool.take(start));
}

TEST(PortPool, ports_of_other_programs_are_passed_over) {
    PortPool other("127.0.0.1", 32210, 32211, 0);
    const auto taken = other.take(start);
    ASSERT_TRUE(taken);
    PortPool pool("127.0.0.1", 32210, 32213, 0);
    EXPECT_EQ(pool.take(start)->port, 32212);
}

TEST(PortPool, hundreds_in_a_row_of_another_program_are_passed_over) {
    constexpr std::size_t held = 400;
    PortPool other("127.0.0.1", 30000, 30000 + 2 * held - 1, 0);
    std::vector<PortPair> taken;
    while (auto pair = other.take(start)) taken.push_back(std::move(*pair));
    ASSERT_GT(taken.size(), held / 2);
    PortPool pool("127.0.0.1", 30000, 32000, 0);
    EXPECT_TRUE(pool.take(start));
}

TEST(PortPool, pairs_nobody_wants_are_closed) {
    PortPool pool("127.0.0.1", 32220, 32229, 0);
    auto pair = pool.take(start);
    ASSERT_TRUE(pair);
    const int descriptor = pair->rtp.get();
    pool.give_back(std::move(*pair), start);
    pool.trim(start + 10s);
    EXPECT_EQ(pool.idle(), 1U);
    pool.trim(start + 31s);
    EXPECT_EQ(pool.idle(), 0U);
    EXPECT_EQ(fcntl(descriptor, F_GETFD), -1);
}

TEST(PortPool, wants_an_ip_address) {
    EXPECT_THROW(PortPool("localhost", 32230, 32239, 0), std::runtime_error);
}

}  // namespace
}  // namespace patchbay::media
