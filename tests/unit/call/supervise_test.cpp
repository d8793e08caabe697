// Consult, conference, observe.
#include "stage.hpp"

namespace patchbay::call::test {
namespace {

class Supervision : public Stage {
  protected:
    void SetUp() override {
        const auto pair = customer_talks();
        a = pair.a;
        b = pair.b;
    }
    LegId join(SuperviseMode mode) {
        done(Supervise{b, "103", mode});
        const auto s = last_rung();
        EXPECT_EQ(hears(a), Sources{b});
        EXPECT_EQ(hears(b), Sources{a});
        sw.ringing(s, false);
        sw.answered(s);
        return s;
    }
    LegId a, b;
};

TEST_F(Supervision, AConsultantIsHeardByTheOneItHelpsOnly) {
    const auto s = join(SuperviseMode::consult);
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(hears(b), (Sources{a, s}));
    EXPECT_EQ(hears(s), (Sources{a, b}));
    EXPECT_EQ(find(s).role, Role::consultant);
    EXPECT_EQ(find(s).supervises, b);
    EXPECT_EQ(find(b).other, a);
}

TEST_F(Supervision, AnObserverIsHeardByNobody) {
    const auto s = join(SuperviseMode::observe);
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(hears(b), Sources{a});
    EXPECT_EQ(hears(s), (Sources{a, b}));
    sw.ended(s, causes::hung_up);
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(state(b), LegState::connected);
}

TEST_F(Supervision, InAConferenceAllHearAllAndAnyTwoGoOn) {
    const auto s = join(SuperviseMode::conference);
    EXPECT_EQ(hears(a), (Sources{b, s}));
    EXPECT_EQ(hears(b), (Sources{a, s}));
    EXPECT_EQ(hears(s), (Sources{a, b}));
    EXPECT_FALSE(find(a).other);
    sw.ended(b, causes::hung_up);
    EXPECT_EQ(hears(a), Sources{s});
    EXPECT_EQ(hears(s), Sources{a});
    EXPECT_EQ(find(a).facts->remote_number, "103");
    sw.ended(s, causes::hung_up);
    EXPECT_TRUE(phones.told[a].ended);
    expect_nothing_left();
}

TEST_F(Supervision, HoldInAConferenceLeavesTheOthersTalking) {
    const auto s = join(SuperviseMode::conference);
    done(Hold{b});
    EXPECT_EQ(hears(a), Sources{s});
    EXPECT_EQ(hears(b), Sources{});
    done(Hold{s});
    EXPECT_EQ(hears(a), Sources{Sound::music});
}

TEST_F(Supervision, SupervisorsNeverKeepACallAlive) {
    for (const auto mode : {SuperviseMode::observe, SuperviseMode::consult}) {
        const auto pair = talk("101", "105");
        done(Supervise{pair.b, "104", mode});
        const auto s = last_rung();
        sw.answered(s);
        sw.ended(pair.a, causes::hung_up);
        EXPECT_TRUE(phones.told[s].ended);
        EXPECT_FALSE(lives(pair.b));
    }
}

TEST_F(Supervision, ARungSupervisorIsCancelledWhenTheTalkEnds) {
    done(Supervise{b, "103", SuperviseMode::conference});
    const auto s = last_rung();
    sw.ended(b, causes::hung_up);
    EXPECT_TRUE(phones.told[s].ended);
    sw.answered(s);
    expect_nothing_left();
}

TEST_F(Supervision, AFailedSupervisorChangesNothing) {
    done(Supervise{b, "103", SuperviseMode::consult});
    sw.ended(last_rung(), cause_of_status(486));
    EXPECT_EQ(hears(a), Sources{b});
    done(Supervise{b, "103", SuperviseMode::consult});
    pass(config->sip.ring_timeout);
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(sw.legs(), 2U);
}

TEST_F(Supervision, AnObserverLeavesWithTheOneItObserves) {
    const auto s = join(SuperviseMode::observe);
    done(Transfer{b, "104"});
    sw.ringing(last_rung(), false);
    EXPECT_EQ(end_of(s), "supervision_ended");
    EXPECT_TRUE(lives(a));
}

TEST_F(Supervision, HoldIsNotHeardAroundByAConsultant) {
    const auto s = join(SuperviseMode::consult);
    done(Hold{b});
    EXPECT_EQ(hears(a), Sources{Sound::music});
    EXPECT_EQ(hears(b), Sources{});
    EXPECT_EQ(hears(s), Sources{a});
}

TEST_F(Supervision, WhatDoesNotFitIsRefused) {
    EXPECT_EQ(refused(Supervise{b, "102", SuperviseMode::consult}), refusal::invalid);
    EXPECT_EQ(refused(Supervise{b, "555", SuperviseMode::consult}), refusal::no_such_number);
    const auto s = join(SuperviseMode::observe);
    EXPECT_EQ(refused(Supervise{s, "104", SuperviseMode::consult}), refusal::wrong_state);
    const auto caller = dial("104", "105");
    EXPECT_EQ(refused(Supervise{caller, "101", SuperviseMode::consult}), refusal::wrong_state);
}

}  // namespace
}  // namespace patchbay::call::test
