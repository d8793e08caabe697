#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(ForwardTime, GoesOnWhenTheClockIsSetBack) {
    const Time noon{Seconds{1'700'000'000}};
    ForwardTime time(noon, Ticks{5000});
    EXPECT_EQ(time.at(noon + Seconds{1}, Ticks{6000}), noon + Seconds{1});
    const auto back = noon - std::chrono::hours{1};
    EXPECT_EQ(time.at(back, Ticks{6500}), noon + Milliseconds{1500});
    EXPECT_EQ(time.at(back + Seconds{10}, Ticks{16'500}), noon + Milliseconds{11'500});
    EXPECT_EQ(time.at(noon + Seconds{60}, Ticks{17'000}), noon + Seconds{60}) << "set right again";
}

TEST(SystemClock, NeverGoesBack) {
    SystemClock clock;
    auto last = clock.now();
    for (int i = 0; i < 1000; ++i) {
        const auto now = clock.now();
        EXPECT_GE(now, last);
        last = now;
    }
}

}  // namespace
}  // namespace patchbay
