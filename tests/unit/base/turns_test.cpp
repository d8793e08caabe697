#include "base/turns.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <thread>

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

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

}  // namespace
}  // namespace patchbay
