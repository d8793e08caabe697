#include "base/turns.hpp"

#include <cstdint>

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace patchbay {
namespace {

constexpr std::uint64_t short_turn = 100'000;  // nanoseconds; the scheduler takes no shorter ones

// sched_attr of sched_setattr(2), as its first version was; glibc 2.36 has neither.
struct Attributes {
    std::uint32_t size, policy;
    std::uint64_t flags;
    std::int32_t nice;
    std::uint32_t priority;
    std::uint64_t runtime, deadline, period;
};

}  // namespace

void take_short_turns() {
    constexpr int this_thread = 0, no_flags = 0;
    Attributes attributes{};
    if (::syscall(SYS_sched_getattr, this_thread, &attributes, sizeof attributes, no_flags) != 0) return;
    attributes.runtime = short_turn;
    static_cast<void>(::syscall(SYS_sched_setattr, this_thread, &attributes, no_flags));
}

void end_turn() {
    ::sched_yield();
}

}  // namespace patchbay
