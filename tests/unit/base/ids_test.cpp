#include "base/ids.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

class StandingClock final : public Clock {
  public:
    Time now() override { return Time{Milliseconds{1'766'000'000'000}}; }
    Ticks ticks() override { return Ticks{0}; }
};

TEST(Ids, RiseEvenWhenTimeStandsStill) {
    StandingClock clock;
    IdSource ids(clock);
    auto last = ids.next_leg();
    for (int i = 0; i < 1000; ++i) {
        const auto next = ids.next_leg();
        EXPECT_LT(last, next);
        last = next;
    }
}

TEST(Ids, LookLikeTheOriginals) {
    StandingClock clock;
    const auto id = IdSource(clock).next_leg();
    EXPECT_EQ(id.text().substr(0, 4), "0646");
    EXPECT_EQ(LegId::parse(id.text()), id);
}

TEST(Ids, OtherTextsAreNone) {
    EXPECT_FALSE(LegId::parse("0647e2cf80d0cc0"));
    EXPECT_FALSE(LegId::parse("0647e2cf80d0cc0z"));
    EXPECT_FALSE(CallRef::parse("-1"));
    EXPECT_EQ(CallRef::parse("613295627")->text(), "613295627");
}

}  // namespace
}  // namespace patchbay
