// Who talks with whom, from the events.
#include "ecss/talks.hpp"

#include <gtest/gtest.h>

namespace patchbay::ecss {
namespace {

using call::LegState;

const CallRef ref{1}, other{2};
const LegId a{1}, b{2}, c{3};

struct TalksTest : ::testing::Test {
    Talks talks;

    bool tell(LegId leg, LegState state, call::EventBody body, CallRef in = ref,
              call::Role role = call::Role::talker) {
        call::LegView view;
        view.id = leg;
        view.state = state;
        view.role = role;
        call::Event event;
        event.call = in;
        event.leg = leg;
        event.state = state;
        event.body = std::move(body);
        return talks.take(event, leg ? &view : nullptr);
    }
    bool connect(LegId leg, CallRef in = ref) {
        return tell(leg, LegState::connected, call::LegConnected{}, in);
    }
};

TEST_F(TalksTest, three_are_a_conference_until_one_leaves) {
    EXPECT_FALSE(connect(a));
    EXPECT_FALSE(connect(b));
    EXPECT_FALSE(talks.is_conference(ref));
    EXPECT_TRUE(connect(c));
    EXPECT_TRUE(talks.is_conference(ref));
    EXPECT_FALSE(tell(b, LegState::held, call::LegHeld{})) << "who holds is in it";
    EXPECT_TRUE(tell(a, LegState::ended, call::LegEnded{}));
    EXPECT_FALSE(talks.is_conference(ref));
    EXPECT_EQ(talks.legs(ref).size(), 2U);
    tell({}, LegState::idle, call::CallEnded{});
    EXPECT_TRUE(talks.legs(ref).empty());
}

TEST_F(TalksTest, who_supervises_does_not_count) {
    connect(a), connect(b);
    EXPECT_FALSE(tell(c, LegState::connected, call::LegConnected{}, ref, call::Role::observer));
    EXPECT_TRUE(tell(c, LegState::connected, call::LegChanged{}));
}

TEST_F(TalksTest, who_is_asked_before_a_transfer_makes_no_conference_until_it_is_one) {
    connect(a), connect(b);
    tell(b, LegState::connected, call::TransferStarted{"202", true});
    EXPECT_FALSE(connect(c));
    EXPECT_TRUE(talks.consults(ref, b));
    EXPECT_FALSE(talks.consults(ref, a));
    EXPECT_TRUE(tell(b, LegState::connected, call::TransferEnded{}));
    EXPECT_FALSE(talks.consults(ref, b));
}

TEST_F(TalksTest, who_moves_leaves_one_talk_for_another) {
    connect(a), connect(b), connect(c);
    EXPECT_TRUE(tell(c, LegState::connected, call::LegMoved{ref}, other));
    EXPECT_FALSE(talks.is_conference(ref));
    EXPECT_EQ(talks.legs(other).size(), 1U);
}

}  // namespace
}  // namespace patchbay::ecss
