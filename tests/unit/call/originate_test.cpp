// Calls that a command begins, answers and declines.
#include "stage.hpp"

namespace patchbay::call::test {
namespace {

class Originating : public Stage {
  protected:
    const Scope operator_one{"demo.local", "", "op1"};
    LegId originate(const std::string& to) {
        const auto begun = ask(Originate{"", to}, operator_one);
        EXPECT_TRUE(begun.ok()) << begun.error().text;
        return begun.ok() ? begun->legs.front().id : LegId{};
    }
    LegId off_hook(const std::string& to) {
        const auto own = originate(to);
        sw.ringing(own, false);
        sw.answered(own);
        return own;
    }
    std::string not_originated(const std::string& to) { return refused(Originate{"", to}, operator_one); }
};

TEST_F(Originating, RingsTheOwnPhoneFirstThenTheNumber) {
    const auto own = originate("103");
    EXPECT_EQ(phones.rung, std::vector{own});
    EXPECT_EQ(phones.told[own].dial.number, "101");
    EXPECT_EQ(phones.told[own].dial.from.number, "103");
    EXPECT_TRUE(phones.told[own].dial.answers_itself);
    EXPECT_EQ(find(own).facts->direction, Direction::out);
    EXPECT_EQ(find(own).facts->operator_id, "op1");
    EXPECT_EQ(find(own).facts->remote_display_name, "Вера");
    sw.answered(own);
    EXPECT_EQ(state(own), LegState::initiating);
    const auto other = last_rung();
    ASSERT_NE(other, own);
    EXPECT_EQ(phones.told[other].dial.number, "103");
    EXPECT_EQ(phones.told[other].dial.from.number, "101");
    EXPECT_EQ(hears(own), Sources{Sound::ringback});
    sw.ringing(other, false);
    EXPECT_EQ(state(own), LegState::alerting);
    EXPECT_EQ(phones.told[own].progress, 0) << "a phone that answered is told no 180";
    sw.answered(other);
    EXPECT_EQ(state(own), LegState::connected);
    EXPECT_FALSE(phones.told[own].answered) << "it was answered before";
    EXPECT_EQ(phones.told[own].brought_to, other);
    EXPECT_EQ(hears(own), Sources{other});
    EXPECT_EQ(hears(other), Sources{own});
    EXPECT_EQ(told<LegConnected>(own).size(), 1U);
    sw.ended(own, causes::hung_up);
    expect_nothing_left();
}

TEST_F(Originating, EarlyMediaOfTheNumberReplacesTheRingback) {
    const auto own = off_hook("9555");
    const auto other = last_rung();
    EXPECT_EQ(phones.told[other].dial.trunk, "provider");
    sw.ringing(other, true);
    EXPECT_EQ(hears(own), Sources{other});
    sw.answered(other);
    EXPECT_EQ(hears(own), Sources{other});
}

TEST_F(Originating, ABusyNumberEndsTheOwnPhoneToo) {
    const auto own = off_hook("103");
    sw.ended(last_rung(), causes::busy);
    EXPECT_TRUE(phones.told[own].ended);
    EXPECT_EQ(end_of(own), "busy");
    expect_nothing_left();
}

TEST_F(Originating, AnOwnPhoneThatIsNotAnsweredRingsNobody) {
    const auto own = originate("103");
    pass(config->sip.ring_timeout);
    EXPECT_EQ(end_of(own), "no_answer");
    EXPECT_EQ(phones.rung.size(), 1U);
    expect_nothing_left();
}

TEST_F(Originating, HangingUpBeforeTheAnswerStopsTheRinging) {
    const auto own = off_hook("103");
    const auto other = last_rung();
    sw.ended(own, causes::hung_up);
    EXPECT_TRUE(phones.told[other].ended);
    expect_nothing_left();
}

TEST_F(Originating, ANumberThatLeftMeanwhileEndsIt) {
    const auto own = originate("103");
    phones.unregistered["103"] = true;
    sw.answered(own);
    EXPECT_EQ(end_of(own), "not_registered");
    expect_nothing_left();
}

TEST_F(Originating, WhatCannotBeRungIsRefused) {
    EXPECT_EQ(not_originated("nobody"), refusal::no_such_number);
    EXPECT_EQ(not_originated("101"), refusal::invalid);
    EXPECT_EQ(not_originated("701"), refusal::no_such_number);
    phones.unregistered["101"] = true;
    EXPECT_EQ(not_originated("103"), refusal::no_such_number);
    phones.unregistered.clear();
    EXPECT_EQ(refused(Originate{"102", "103"}, operator_one), refusal::invalid);
    EXPECT_EQ(refused(Originate{"", "103"}), refusal::no_such_number) << "nobody asks";
    originate("103");
    EXPECT_EQ(not_originated("104"), refusal::in_progress);
    ears.ports_left = 0;
    EXPECT_EQ(refused(Originate{"102", "103"}), refusal::no_media);
    sw.drain();
    EXPECT_EQ(refused(Originate{"102", "103"}), refusal::overloaded);
}

TEST_F(Originating, AnOperatorWhoMovedIsRungThere) {
    done(Seat{"op1", "105"});
    EXPECT_EQ(phones.told[originate("103")].dial.number, "105");
}

TEST_F(Originating, ACallInTheMakingIsNeitherHeldNorTransferred) {
    const auto own = off_hook("103");
    EXPECT_EQ(refused(Hold{own}), refusal::wrong_state);
    EXPECT_EQ(refused(Transfer{own, "104"}), refusal::wrong_state);
    EXPECT_EQ(refused(Supervise{own, "104"}), refusal::wrong_state);
    const auto taker = done(Pickup{last_rung(), "104"}).legs.back().id;
    sw.answered(taker);
    EXPECT_EQ(hears(own), Sources{taker});
}

TEST_F(Originating, AnotherCallOfThePhoneIsGivenWhoWaits) {
    const auto pair = talk("104", "101");
    const auto own = off_hook("103");
    const auto other = last_rung();
    sw.ringing(other, false);
    done(Join{pair.b, own});
    sw.answered(other);
    EXPECT_EQ(hears(pair.a), Sources{other});
    EXPECT_EQ(end_of(own), "transferred");
}

TEST_F(Originating, ARungPhoneAnswersByCommand) {
    const auto caller = dial("101", "102");
    const auto rung = last_rung();
    EXPECT_EQ(refused(Answer{caller}), refusal::wrong_state);
    done(Answer{rung});
    EXPECT_TRUE(phones.told[rung].asked_to_answer);
    sw.answered(rung);
    EXPECT_EQ(refused(Answer{rung}), refusal::wrong_state);
    EXPECT_EQ(hears(caller), Sources{rung});
}

TEST_F(Originating, APhoneThatCannotIsAnsweredByItsParty) {
    phones.can_pick_up = false;
    dial("101", "102");
    EXPECT_EQ(refused(Answer{last_rung()}), refusal::cannot_answer);
}

TEST_F(Originating, ARefusedCallIsDeclined) {
    const auto caller = dial("101", "102");
    const auto rung = last_rung();
    EXPECT_EQ(refused(Refuse{caller}), refusal::wrong_state);
    done(Refuse{rung});
    EXPECT_EQ(end_of(rung), "refused");
    EXPECT_EQ(phones.told[caller].cause.sip, 603);
    expect_nothing_left();
}

}  // namespace
}  // namespace patchbay::call::test
