#include "base/turns.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <thread>

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.hpp"

namespace patchbay {
namespace {

// sched_getattr(2): the turn's length is the fourth 64-bit word; 0 where the kernel knows none.
std::uint64_t turn_of_this_thread() {
    std::array<std::uint64_t, 6> attributes{};
    EXPECT_EQ(::syscall(SYS_sched_getattr, 0, attributes.data(), sizeof attributes, 0), 0);
    return attributes[3];
}

bool kernel_has_turns() {
    utsname name{};
    EXPECT_EQ(::uname(&name), 0);
    char* minor = nullptr;
    const auto major = std::strtol(name.release, &minor, 10);
    return major > 6 || (major == 6 && std::strtol(minor + 1, nullptr, 10) >= 12);
}

TEST(Turns, are_short_for_the_thread_that_asks_and_for_no_other) {
    if (!kernel_has_turns()) GTEST_SKIP() << "the kernel is older than 6.12";
    const auto before = turn_of_this_thread();
    std::thread([] {
        take_short_turns();
        EXPECT_EQ(turn_of_this_thread(), 100'000U);
    }).join();
    EXPECT_NE(before, 100'000U);
    EXPECT_EQ(turn_of_this_thread(), before);
}

Milliseconds worked_by_this_thread() {
    timespec time{};
    EXPECT_EQ(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time), 0);
    return Milliseconds{time.tv_sec * 1000 + time.tv_nsec / 1'000'000};
}

// Both keep the one core busy until it is their turn; who does not give it up keeps it for a tick of the
// kernel.
TEST(Turns, that_are_ended_are_the_other_threads) {
    constexpr int rounds = 1000;
    std::atomic<int> ball = 0;
    const auto play = [&](int player) {
        take_short_turns();
        const auto before = worked_by_this_thread();
        for (int round = 0; round < rounds; ++round) {
            while (ball % 2 != player) end_turn();
            ++ball;
        }
        EXPECT_LT(worked_by_this_thread() - before, Milliseconds{rounds / 10});
    };
    std::thread other;
    std::thread one([&] {
        cpu_set_t core;
        CPU_ZERO(&core);
        CPU_SET(static_cast<unsigned>(::sched_getcpu()), &core);
        EXPECT_EQ(::sched_setaffinity(0, sizeof core, &core), 0);
        other = std::thread(play, 1);  // on the same core as who started it
        play(0);
    });
    one.join();
    other.join();
}

}  // namespace
}  // namespace patchbay
