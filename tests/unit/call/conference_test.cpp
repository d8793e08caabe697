// Talks of more than two, and modes that change.
#include "stage.hpp"

namespace patchbay::call::test {
namespace {

class Conference : public Stage {
  protected:
    void SetUp() override {
        const auto pair = customer_talks();
        a = pair.a;
        b = pair.b;
    }
    LegId join(const std::string& number, SuperviseMode mode = SuperviseMode::conference) {
        done(Supervise{b, number, mode});
        const auto s = last_rung();
        sw.answered(s);
        return s;
    }
    LegId a, b;
};

TEST_F(Conference, FourHearEachOther) {
    const auto s = join("103");
    const auto t = join("104");
    EXPECT_EQ(hears(a), (Sources{b, s, t}));
    EXPECT_EQ(hears(t), (Sources{a, b, s}));
    EXPECT_EQ(done(Members{b}).legs.size(), 4U);
    done(Remove{b, s});
    EXPECT_EQ(end_of(s), "removed");
    EXPECT_EQ(hears(a), (Sources{b, t}));
    done(Remove{b, t});
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(find(a).other, b);
}

TEST_F(Conference, WhoStillRingsIsTakenOutToo) {
    done(Supervise{b, "103", SuperviseMode::conference});
    const auto s = last_rung();
    done(Remove{b, s});
    EXPECT_TRUE(phones.told[s].ended);
    EXPECT_EQ(hears(a), Sources{b});
}

TEST_F(Conference, OnlyItsOwnParticipantsAreTakenOut) {
    const auto elsewhere = talk("101", "105");
    EXPECT_EQ(refused(Remove{b, elsewhere.b}), refusal::no_such_leg);
    EXPECT_EQ(refused(Remove{b, LegId{77}}), refusal::no_such_leg);
    EXPECT_TRUE(lives(elsewhere.b));
}

TEST_F(Conference, TakingOutOneOfTwoEndsTheTalk) {
    done(Remove{b, a});
    EXPECT_EQ(end_of(a), "removed");
    expect_nothing_left();
}

TEST_F(Conference, TwoCallsOfOneOperatorBecomeOneTalk) {
    done(Hold{b});
    const auto second = talk("102", "103");
    done(Merge{b, second.a});
    EXPECT_EQ(end_of(second.a), "conferenced");
    EXPECT_EQ(hears(a), (Sources{b, second.b}));
    EXPECT_EQ(hears(b), (Sources{a, second.b}));
    EXPECT_EQ(hears(second.b), (Sources{a, b}));
    EXPECT_EQ(state(b), LegState::connected);
    EXPECT_EQ(told<LegMoved>(second.b).size(), 1U);
    EXPECT_EQ(sw.calls(), 1U);
    EXPECT_EQ(refused(Merge{b, second.b}), refusal::invalid);
}

TEST_F(Conference, OnlyTalksAreMerged) {
    const auto rings = dial("101", "104");
    EXPECT_EQ(refused(Merge{b, rings}), refusal::wrong_state);
    EXPECT_EQ(refused(Merge{b, LegId{77}}), refusal::no_such_leg);
    const auto second = talk("102", "103");
    done(AttendedTransfer{second.a, "105"});
    EXPECT_EQ(refused(Merge{b, second.a}), refusal::in_progress);
}

TEST_F(Conference, AConsultationBecomesATalkOfThree) {
    done(AttendedTransfer{b, "103"});
    const auto s = last_rung();
    EXPECT_EQ(refused(Supervise{b, "103", SuperviseMode::conference}), refusal::in_progress);
    sw.answered(s);
    EXPECT_EQ(hears(a), Sources{Sound::music});
    done(Supervise{b, "103", SuperviseMode::conference});
    EXPECT_EQ(hears(a), (Sources{b, s}));
    EXPECT_EQ(hears(s), (Sources{a, b}));
    const auto ends = told<TransferEnded>(b);
    ASSERT_EQ(ends.size(), 1U);
    EXPECT_EQ(ends.front().cause.slug, "conferenced");
    sw.ended(b, causes::hung_up);
    EXPECT_EQ(hears(a), Sources{s});
}

TEST_F(Conference, AModeChangesDuringTheCall) {
    const auto s = join("103", SuperviseMode::observe);
    EXPECT_EQ(hears(b), Sources{a});
    done(Supervise{b, "103", SuperviseMode::consult});
    EXPECT_EQ(hears(b), (Sources{a, s}));
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(told<LegChanged>(s).back().role, Role::consultant);
    done(Supervise{b, "103", SuperviseMode::conference});
    EXPECT_EQ(hears(a), (Sources{b, s}));
    EXPECT_EQ(find(s).role, Role::talker);
    done(Supervise{b, "103", SuperviseMode::observe});
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(hears(s), (Sources{a, b}));
    EXPECT_EQ(phones.rung.size(), 2U) << "the phone was rung once";
    sw.ended(a, causes::hung_up);
    expect_nothing_left();
}

TEST_F(Conference, AModeChangesWhileThePhoneRings) {
    done(Supervise{b, "103", SuperviseMode::observe});
    const auto s = last_rung();
    done(Supervise{b, "103", SuperviseMode::conference});
    sw.answered(s);
    EXPECT_EQ(hears(a), (Sources{b, s}));
    EXPECT_FALSE(find(s).supervises);
}

TEST_F(Conference, WhoTransfersGivesItsPlaceAway) {
    const auto s = join("103");
    done(Transfer{b, "104"});
    const auto t = last_rung();
    EXPECT_EQ(hears(a), (Sources{b, s})) << "nobody waits";
    sw.ringing(t, false);
    EXPECT_EQ(end_of(b), "transferred");
    EXPECT_EQ(hears(a), Sources{s});
    sw.answered(t);
    EXPECT_EQ(hears(a), (Sources{s, t}));
    EXPECT_EQ(hears(t), (Sources{a, s}));
    EXPECT_TRUE(told<TransferEnded>(a).empty());
}

TEST_F(Conference, WhoseTransferFailsIsNotMissedByTheOthers) {
    const auto s = join("103");
    done(Transfer{b, "104"});
    const auto t = last_rung();
    sw.ringing(t, false);
    sw.ended(t, causes::no_answer);
    EXPECT_EQ(last_rung(), t) << "nobody is alone, so nobody is rung back";
    EXPECT_EQ(hears(a), Sources{s});
    EXPECT_EQ(find(a).other, s);
}

TEST_F(Conference, WhoIsLeftAloneByATransferWaitsForItsTarget) {
    const auto s = join("103");
    done(Transfer{b, "104"});
    const auto t = last_rung();
    sw.ringing(t, false);
    sw.ended(s, causes::hung_up);
    EXPECT_EQ(hears(a), Sources{Sound::music});
    sw.ended(t, causes::no_answer);
    EXPECT_NE(last_rung(), t) << "the transferor is rung back";
    sw.answered(last_rung());
    EXPECT_EQ(hears(a), Sources{last_rung()});
}

TEST_F(Conference, WhoAsksAsideIsHeardByNobodyElse) {
    const auto s = join("103");
    const auto o = join("105", SuperviseMode::observe);
    done(AttendedTransfer{b, "104"});
    const auto t = last_rung();
    EXPECT_EQ(hears(a), Sources{s});
    EXPECT_EQ(hears(b), Sources{Sound::ringback});
    sw.answered(t);
    EXPECT_EQ(hears(b), Sources{t});
    EXPECT_EQ(hears(t), Sources{b});
    EXPECT_EQ(hears(o), (Sources{b, t})) << "whoever observes goes along";
    EXPECT_EQ(hears(s), Sources{a});
    done(Retrieve{b});
    EXPECT_EQ(end_of(t), "transfer_cancelled");
    EXPECT_EQ(hears(a), (Sources{b, s}));
    done(AttendedTransfer{b, "104"});
    sw.answered(last_rung());
    done(Transfer{b, {}});
    EXPECT_EQ(end_of(b), "transferred");
    EXPECT_EQ(hears(a), (Sources{s, last_rung()}));
}

TEST_F(Conference, WhoHangsUpWhileTheTargetRingsLeavesItToTheOthers) {
    const auto s = join("103");
    done(AttendedTransfer{b, "104"});
    sw.ended(b, causes::hung_up);
    EXPECT_EQ(hears(a), Sources{s});
    sw.answered(last_rung());
    EXPECT_EQ(hears(a), (Sources{s, last_rung()}));
}

TEST_F(Conference, AnotherCallsPartyIsGivenToIt) {
    const auto s = join("103");
    done(Hold{b});
    const auto second = talk("102", "104");
    done(Join{b, second.a});
    EXPECT_FALSE(lives(b));
    EXPECT_FALSE(lives(second.a));
    EXPECT_EQ(hears(a), (Sources{s, second.b}));
    EXPECT_EQ(hears(second.b), (Sources{a, s}));
}

TEST_F(Conference, HasNoPlaceInASlotOrAQueue) {
    join("103");
    EXPECT_EQ(refused(Park{b}), refusal::wrong_state);
}

TEST_F(Conference, WithoutWhomNobodyTalksStaysATalker) {
    const auto s = join("103");
    sw.ended(a, causes::hung_up);
    EXPECT_EQ(hears(b), Sources{s});
    EXPECT_EQ(refused(Supervise{b, "103", SuperviseMode::observe}), refusal::wrong_state);
    EXPECT_EQ(hears(b), Sources{s});
}

}  // namespace
}  // namespace patchbay::call::test
