// Attended transfer: the row of the table and who may leave when.
#include "stage.hpp"

namespace patchbay::call::test {
namespace {

class Attended : public Stage {
  protected:
    void SetUp() override {
        const auto pair = customer_talks();
        a = pair.a;
        b = pair.b;
        done(AttendedTransfer{b, "103"});
        s = last_rung();
    }
    void answer() {
        sw.ringing(s, false);
        sw.answered(s);
    }
    void expect_talk(LegId one, LegId other) {
        EXPECT_EQ(hears(one), Sources{other});
        EXPECT_EQ(hears(other), Sources{one});
    }
    LegId a, b, s;
};

TEST_F(Attended, TheCustomerWaitsWhileTheOtherTwoTalk) {
    EXPECT_EQ(hears(a), Sources{Sound::music});
    EXPECT_EQ(hears(b), Sources{Sound::ringback});
    answer();
    EXPECT_EQ(hears(a), Sources{Sound::music});
    expect_talk(b, s);
    EXPECT_EQ(find(b).other, s);
    EXPECT_EQ(find(b).facts->remote_number, "103");
    EXPECT_FALSE(find(a).other);
}

TEST_F(Attended, ANetworksAnnouncementIsHeardInsteadOfRingback) {
    sw.ringing(s, true);
    EXPECT_EQ(hears(b), Sources{s});
    EXPECT_EQ(hears(a), Sources{Sound::music});
}

TEST_F(Attended, TheTransferorHangingUpGivesThemToEachOther) {
    answer();
    sw.ended(b, causes::hung_up);
    expect_talk(a, s);
    EXPECT_EQ(find(a).facts->remote_number, "103");
    EXPECT_EQ(find(s).facts->remote_number, "+79130000001");
    EXPECT_TRUE(told<TransferEnded>(a).front().done);
    sw.ended(s, causes::hung_up);
    expect_nothing_left();
}

TEST_F(Attended, TransferWithNoMoreStepsCompletesIt) {
    answer();
    EXPECT_EQ(done(Transfer{b, ""}).legs.front().state, LegState::ended);
    EXPECT_EQ(end_of(b), "transferred");
    expect_talk(a, s);
}

TEST_F(Attended, TheTargetHangingUpGivesTheCustomerBack) {
    answer();
    sw.ended(s, causes::hung_up);
    expect_talk(a, b);
    EXPECT_EQ(find(b).facts->remote_number, "+79130000001");
    EXPECT_FALSE(told<TransferEnded>(b).front().done);
}

TEST_F(Attended, ABusyTargetGivesTheCustomerBack) {
    sw.ended(s, cause_of_status(486));
    expect_talk(a, b);
}

TEST_F(Attended, AnUnansweredTargetGivesTheCustomerBack) {
    sw.ringing(s, false);
    pass(config->calls.transfer_timeout);
    EXPECT_TRUE(phones.told[s].ended);
    expect_talk(a, b);
}

TEST_F(Attended, RetrieveTakesTheCustomerBack) {
    answer();
    done(Retrieve{b});
    EXPECT_EQ(end_of(s), "transfer_cancelled");
    expect_talk(a, b);
}

TEST_F(Attended, TheCustomerHangingUpLeavesTheOtherTwoTalking) {
    answer();
    sw.ended(a, causes::hung_up);
    expect_talk(b, s);
    EXPECT_EQ(told<TransferEnded>(b).size(), 1U);
    sw.ended(b, causes::hung_up);
    expect_nothing_left();
}

TEST_F(Attended, TheCustomerHangingUpBeforeTheAnswer) {
    sw.ended(a, causes::hung_up);
    EXPECT_EQ(hears(b), Sources{Sound::ringback});
    answer();
    expect_talk(b, s);
    EXPECT_EQ(told<TransferEnded>(b).size(), 1U);
}

TEST_F(Attended, CustomerAndTargetBothGoneLeavesNobody) {
    sw.ended(a, causes::hung_up);
    sw.ended(s, cause_of_status(486));
    EXPECT_TRUE(phones.told[b].ended);
    expect_nothing_left();
}

TEST_F(Attended, CustomerAndTransferorBothGoneCancelTheTarget) {
    sw.ended(a, causes::hung_up);
    sw.ended(b, causes::hung_up);
    EXPECT_TRUE(phones.told[s].ended);
    expect_nothing_left();
}

TEST_F(Attended, TheTransferorHangingUpEarlyMakesItBlind) {
    sw.ringing(s, false);
    sw.ended(b, causes::hung_up);
    EXPECT_EQ(hears(a), Sources{Sound::music});
    sw.answered(s);
    expect_talk(a, s);
}

TEST_F(Attended, AndIfTheTargetThenFailsTheTransferorIsRungAnew) {
    sw.ended(b, causes::hung_up);
    sw.ended(s, cause_of_status(486));
    EXPECT_EQ(phones.told[last_rung()].dial.number, "102");
    sw.answered(last_rung());
    expect_talk(a, last_rung());
}

TEST_F(Attended, HoldingTheTargetPlaysItMusic) {
    answer();
    done(Hold{b});
    EXPECT_EQ(hears(s), Sources{Sound::music});
    EXPECT_EQ(hears(a), Sources{Sound::music});
    EXPECT_EQ(hears(b), Sources{});
}

TEST_F(Attended, ATransferorThatHoldsComesBackToTalk) {
    const auto pair = talk("104", "105");
    done(Hold{pair.b});
    done(AttendedTransfer{pair.b, "101"});
    EXPECT_EQ(state(pair.b), LegState::connected);
    EXPECT_EQ(hears(pair.b), Sources{Sound::ringback});
}

TEST_F(Attended, APhoneThatHoldsIsAskedBackToTalk) {
    const auto pair = talk("104", "105");
    sw.hold_changed(pair.b, true);
    done(AttendedTransfer{pair.b, "101"});
    EXPECT_TRUE(phones.told[pair.b].asked_back);
    EXPECT_EQ(state(pair.b), LegState::held);
}

TEST_F(Attended, ToAParkingSlotTalksAtOnce) {
    const auto parked = talk("104", "105");
    const auto slot = done(Park{parked.b}).park_slot;
    const auto pair = talk("101", "105");
    done(AttendedTransfer{pair.b, std::to_string(slot)});
    expect_talk(pair.b, parked.a);
    EXPECT_EQ(hears(pair.a), Sources{Sound::music});
    sw.ended(pair.b, causes::hung_up);
    expect_talk(pair.a, parked.a);
}

}  // namespace
}  // namespace patchbay::call::test
