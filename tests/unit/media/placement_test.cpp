#include "media/placement.hpp"

#include <gmock/gmock.h>

namespace patchbay::media {
namespace {

using ::testing::SizeIs;

constexpr LegId a{1}, b{2}, c{3}, d{4};

TEST(Placement, spreads_new_legs) {
    Placement placement(2);
    EXPECT_EQ(placement.open(a), 0U);
    EXPECT_EQ(placement.open(b), 1U);
    EXPECT_EQ(placement.open(c), 0U);
    placement.close(a);
    placement.close(c);
    EXPECT_EQ(placement.open(d), 0U);
}

TEST(Placement, brings_those_who_hear_each_other_to_one_thread) {
    Placement placement(2);
    placement.open(a);
    placement.open(b);
    const auto plan = placement.hear({{a, {b}}, {b, {a}}});
    ASSERT_THAT(plan.moves, SizeIs(1));
    EXPECT_EQ(plan.moves[0].leg, b);
    EXPECT_EQ(plan.moves[0].from, 1U);
    EXPECT_EQ(plan.moves[0].to, 0U);
    EXPECT_EQ(placement.thread_of(b), 0U);
    EXPECT_THAT(placement.hear({{a, {b}}, {b, {a}}}).moves, SizeIs(0));
}

TEST(Placement, moves_whole_calls_and_repeats_their_rows) {
    Placement placement(2);
    for (const LegId leg : {a, b, c, d}) placement.open(leg);  // a, c on thread 0; b, d on thread 1
    placement.hear({{a, {c}}, {c, {a}}});
    placement.hear({{b, {d}}, {d, {b, call::Sound::music}}});
    const auto plan = placement.hear({{a, {b}}});
    EXPECT_THAT(plan.moves, SizeIs(2));
    EXPECT_THAT(plan.rows, SizeIs(4));
    for (const LegId leg : {b, c, d}) EXPECT_EQ(placement.thread_of(leg), placement.thread_of(a));
    EXPECT_THAT(plan.rows, ::testing::Contains(call::HearingRow{d, {b, call::Sound::music}}));
}

TEST(Placement, forgets_closed_legs) {
    Placement placement(2);
    for (const LegId leg : {a, b, c}) placement.open(leg);
    placement.hear({{a, {b, c}}, {b, {a}}});
    placement.close(b);
    const auto plan = placement.hear({{a, {c, b}}, {b, {a}}});
    ASSERT_THAT(plan.rows, SizeIs(1));
    EXPECT_EQ(plan.rows[0].ear, a);
    placement.close(a);
    placement.close(c);
    placement.close(c);
}

}  // namespace
}  // namespace patchbay::media
