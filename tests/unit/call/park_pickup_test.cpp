// Parking and picking up.
#include "stage.hpp"

namespace patchbay::call::test {
namespace {

class ParkingLot : public Stage {
  protected:
    void SetUp() override {
        const auto pair = customer_talks();
        a = pair.a;
        b = pair.b;
        const auto answer = done(Park{b});
        slot = answer.park_slot;
        EXPECT_EQ(answer.legs.front().id, a);
    }
    void expect_talk(LegId one, LegId other) {
        EXPECT_EQ(hears(one), Sources{other});
        EXPECT_EQ(hears(other), Sources{one});
    }
    LegId a, b;
    int slot = 0;
};

TEST_F(ParkingLot, TheCustomerWaitsInTheFirstFreeSlot) {
    EXPECT_EQ(slot, 701);
    EXPECT_EQ(hears(a), Sources{Sound::music});
    EXPECT_EQ(state(a), LegState::parked);
    EXPECT_EQ(find(a).park_slot, 701);
    EXPECT_EQ(end_of(b), "parked");
    EXPECT_EQ(told<LegParked>(a).front().slot, 701);
    sw.ended(a, causes::hung_up);
    expect_nothing_left();
}

TEST_F(ParkingLot, DiallingTheSlotTakesIt) {
    const auto c = dial("103", "701");
    EXPECT_TRUE(phones.told[c].answered);
    expect_talk(a, c);
    EXPECT_EQ(state(a), LegState::connected);
    EXPECT_EQ(find(c).facts->remote_number, "+79130000001");
    EXPECT_EQ(find(a).facts->remote_number, "103");
    EXPECT_EQ(phones.told[dial("104", "701")].cause.sip, 404) << "the slot is free again";
    sw.ended(c, causes::hung_up);
    expect_nothing_left();
}

TEST_F(ParkingLot, PickupByTheParkersOldLeg) {
    done(Pickup{b, "103"});
    const auto s = last_rung();
    EXPECT_EQ(hears(a), Sources{Sound::music});
    sw.ringing(s, false);
    sw.answered(s);
    expect_talk(a, s);
    EXPECT_EQ(refused(Pickup{b, "104"}), refusal::no_such_leg);
    EXPECT_EQ(timers.size(), 0U);
}

TEST_F(ParkingLot, TheParkerSeesWhomItParked) {
    const Scope parker{"demo.local", "102", ""};
    const auto listed = ask(List{}, parker);
    ASSERT_EQ(listed.value().legs.size(), 1U);
    EXPECT_EQ(listed.value().legs.front().id, a);
    EXPECT_EQ(refused(Find{b}, parker), "");
    EXPECT_EQ(refused(Find{a}, {"demo.local", "", "op2"}), "");
    EXPECT_EQ(refused(Find{a}, {"demo.local", "103", ""}), refusal::no_such_leg);
    EXPECT_EQ(ask(List{}, {"demo.local", "103", ""}).value().legs.size(), 0U);
    EXPECT_EQ(refused(Pickup{a, "103"}, parker), "");
}

TEST_F(ParkingLot, AfterItsTimeTheParkerIsRungBack) {
    pass(config->calls.park_timeout);
    const auto back = last_rung();
    EXPECT_EQ(phones.told[back].dial.number, "102");
    EXPECT_EQ(state(a), LegState::parked);
    EXPECT_EQ(hears(a), Sources{Sound::music});
    sw.answered(back);
    expect_talk(a, back);
    sw.ended(a, causes::hung_up);
    expect_nothing_left();
}

TEST_F(ParkingLot, AParkerWhoIsAwayClearsTheCustomer) {
    phones.unregistered["102"] = true;
    pass(config->calls.park_timeout);
    EXPECT_EQ(end_of(a), "park_timeout");
    expect_nothing_left();
}

TEST_F(ParkingLot, AParkerWhoDoesNotAnswerClearsTheCustomer) {
    pass(config->calls.park_timeout);
    pass(config->calls.transfer_timeout);
    EXPECT_EQ(end_of(a), "no_answer");
    expect_nothing_left();
}

TEST_F(ParkingLot, TheSlotDialledDuringTheRecallWins) {
    pass(config->calls.park_timeout);
    const auto back = last_rung();
    const auto c = dial("103", "701");
    expect_talk(a, c);
    EXPECT_EQ(end_of(back), "picked_up_elsewhere");
}

TEST_F(ParkingLot, ThePickupOutlivesTheRecall) {
    pass(config->calls.park_timeout);
    const auto back = last_rung();
    done(Pickup{a, "103"});
    const auto s = last_rung();
    sw.ended(back, cause_of_status(486));
    EXPECT_EQ(state(a), LegState::parked);
    sw.ended(s, cause_of_status(486));
    EXPECT_FALSE(lives(a));
    expect_nothing_left();
}

TEST_F(ParkingLot, SlotsRunOut) {
    const auto second = talk("101", "103");
    EXPECT_EQ(done(Park{second.b}).park_slot, 702);
    const auto third = talk("104", "105");
    EXPECT_EQ(refused(Park{third.b}), refusal::no_slot);
    EXPECT_EQ(hears(third.a), Sources{third.b});
}

TEST_F(ParkingLot, AParkedLegDoesNothingElse) {
    EXPECT_EQ(refused(Hold{a}), refusal::wrong_state);
    EXPECT_EQ(refused(Park{a}), refusal::wrong_state);
    EXPECT_EQ(refused(Transfer{a, "103"}), refusal::wrong_state);
    EXPECT_EQ(refused(Supervise{a, "103", SuperviseMode::observe}), refusal::wrong_state);
    sw.hold_changed(a, true);
    EXPECT_EQ(state(a), LegState::parked);
    dial("103", "701");
    EXPECT_EQ(state(a), LegState::held) << "its phone holds since";
    EXPECT_EQ(told<LegHeld>(a).size(), 1U);
}

TEST_F(ParkingLot, ClearedWhileParked) {
    done(Clear{a});
    expect_nothing_left();
}

class PickingUp : public Stage {};

TEST_F(PickingUp, OfARingingCallTheFirstToAnswerWins) {
    const auto a = dial("101", "102");
    const auto b = last_rung();
    sw.ringing(b, false);
    done(Pickup{b, "103"});
    const auto s = last_rung();
    EXPECT_EQ(refused(Pickup{a, "104"}), refusal::in_progress);
    sw.ringing(s, false);
    sw.answered(s);
    EXPECT_EQ(end_of(b), "picked_up_elsewhere");
    EXPECT_TRUE(phones.told[b].ended);
    EXPECT_EQ(hears(a), Sources{s});
    EXPECT_EQ(hears(s), Sources{a});
    EXPECT_EQ(find(a).facts->remote_number, "103");
    EXPECT_EQ(phones.told[a].like, s);
    sw.answered(b);
    sw.ended(a, causes::hung_up);
    expect_nothing_left();
}

TEST_F(PickingUp, TheOneCalledMayStillAnswerFirst) {
    const auto a = dial("101", "102");
    const auto b = last_rung();
    done(Pickup{a, "103"});
    const auto s = last_rung();
    sw.answered(b);
    EXPECT_EQ(end_of(s), "answered_elsewhere");
    EXPECT_EQ(hears(a), Sources{b});
}

TEST_F(PickingUp, ABusyPhoneDoesNotEndACallThatIsBeingPickedUp) {
    const auto a = dial("101", "102");
    const auto b = last_rung();
    done(Pickup{b, "103"});
    const auto s = last_rung();
    sw.ended(b, cause_of_status(486));
    EXPECT_TRUE(lives(a));
    sw.ended(s, cause_of_status(603));
    EXPECT_EQ(phones.told[a].cause.sip, 603);
    expect_nothing_left();
}

TEST_F(PickingUp, OfAnAnsweredCallTakesTheLegsPlace) {
    const auto [a, b] = talk();
    done(Pickup{b, "103"});
    const auto s = last_rung();
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(refused(Transfer{b, "104"}), refusal::in_progress);
    sw.answered(s);
    EXPECT_EQ(end_of(b), "replaced");
    EXPECT_EQ(hears(a), Sources{s});
    EXPECT_EQ(hears(s), Sources{a});
}

TEST_F(PickingUp, OfATransfersRingingTarget) {
    const auto [a, b] = talk();
    done(Transfer{b, "103"});
    const auto target = last_rung();
    sw.ringing(target, false);
    done(Pickup{target, "104"});
    const auto s = last_rung();
    EXPECT_EQ(hears(a), Sources{Sound::music});
    sw.answered(s);
    EXPECT_EQ(end_of(target), "picked_up_elsewhere");
    EXPECT_EQ(hears(a), Sources{s});
    EXPECT_EQ(hears(s), Sources{a});
    EXPECT_TRUE(told<TransferEnded>(a).front().done);
    sw.ended(a, causes::hung_up);
    expect_nothing_left();
}

TEST_F(PickingUp, ATargetThatFailsTakesItsPickupWithIt) {
    const auto [a, b] = talk();
    done(AttendedTransfer{b, "103"});
    const auto target = last_rung();
    done(Pickup{target, "104"});
    const auto s = last_rung();
    sw.ended(target, cause_of_status(486));
    EXPECT_TRUE(phones.told[s].ended);
    EXPECT_EQ(hears(a), Sources{b});
}

TEST_F(PickingUp, TheCallerHearsThatThePickupRings) {
    const auto a = dial("101", "102");
    done(Pickup{last_rung(), "103"});
    sw.ringing(last_rung(), true);
    EXPECT_EQ(phones.told[a].progress, 1);
    EXPECT_FALSE(phones.told[a].early_media);
    EXPECT_EQ(hears(a), Sources{});
}

TEST_F(PickingUp, EndsWhenTheTalkEnds) {
    const auto [a, b] = talk();
    done(Pickup{b, "103"});
    const auto s = last_rung();
    sw.ended(b, causes::hung_up);
    EXPECT_TRUE(phones.told[s].ended);
    EXPECT_FALSE(lives(a));
    expect_nothing_left();
}

TEST_F(PickingUp, WhatDoesNotFitIsRefused) {
    const auto [a, b] = talk();
    EXPECT_EQ(refused(Pickup{b, "102"}), refusal::invalid);
    EXPECT_EQ(refused(Pickup{b, "555"}), refusal::no_such_number);
    EXPECT_EQ(refused(Pickup{b, "701"}), refusal::no_such_number);
    EXPECT_EQ(refused(Pickup{LegId{3}, "103"}), refusal::no_such_leg);
}

class Replaces : public Stage {
  protected:
    LegId call_replacing(const std::string& from, LegId replaced, const std::string& trunk = {}) {
        const auto leg = sw.new_leg();
        sw.incoming(leg, {"demo.local", trunk, {from, "", false}, "whatever", replaced, 70});
        return leg;
    }
};

TEST_F(Replaces, TakesThePlaceOfAnAnsweredLeg) {
    const auto [a, b] = talk();
    const auto n = call_replacing("103", b);
    EXPECT_TRUE(phones.told[n].answered);
    EXPECT_EQ(end_of(b), "replaced");
    EXPECT_EQ(hears(a), Sources{n});
    EXPECT_EQ(hears(n), Sources{a});
    EXPECT_EQ(find(a).facts->remote_number, "103");
}

TEST_F(Replaces, PicksUpARingingLeg) {
    const auto a = dial("101", "102");
    const auto b = last_rung();
    const auto n = call_replacing("103", b);
    EXPECT_EQ(end_of(b), "picked_up_elsewhere");
    EXPECT_TRUE(phones.told[a].answered);
    EXPECT_EQ(hears(a), Sources{n});
    EXPECT_EQ(hears(n), Sources{a});
}

TEST_F(Replaces, TakesATransfersTargetAndItsTransferorsPlace) {
    const auto [a, b] = customer_talks();
    done(AttendedTransfer{b, "103"});
    const auto s = call_replacing("104", last_rung());
    EXPECT_EQ(hears(s), Sources{b});
    const auto n = call_replacing("105", b);
    EXPECT_EQ(hears(n), Sources{s});
    sw.ended(n, causes::hung_up);
    EXPECT_EQ(hears(a), Sources{s});
    sw.ended(a, causes::hung_up);
    expect_nothing_left();
}

TEST_F(Replaces, ATargetThatTookAnothersPlaceGivesTheCustomerBackWhenItLeaves) {
    const auto [a, b] = customer_talks();
    done(AttendedTransfer{b, "103"});
    const auto s = call_replacing("104", last_rung());
    sw.ended(s, causes::hung_up);
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(hears(b), Sources{a});
}

TEST_F(Replaces, WhatMayNotBeReplacedIsRefused) {
    const auto a = dial("101", "102");
    const auto [c, d] = talk("103", "104");
    EXPECT_EQ(phones.told[call_replacing("105", a)].cause.sip, 481);
    EXPECT_EQ(phones.told[call_replacing("105", LegId{77})].cause.sip, 481);
    EXPECT_EQ(phones.told[call_replacing("+7913", d, "provider")].cause.sip, 481);
    EXPECT_EQ(hears(c), Sources{d});
}

TEST_F(Stage, APickupThatComesAfterAnotherTookTheTargetsPlaceIsTheTransfersTarget) {
    const auto pair = customer_talks();
    done(AttendedTransfer{pair.b, "103"});
    const auto target = last_rung();
    sw.ringing(target, false);
    const auto late = done(Pickup{target, "104"}).legs.back().id;
    Incoming incoming;
    incoming.domain = "demo.local";
    incoming.from = {"105", "", false};
    incoming.to = "103";
    incoming.replaces = target;
    const auto first = sw.new_leg();
    sw.incoming(first, incoming);
    EXPECT_EQ(hears(pair.b), Sources{first});
    sw.answered(late);
    EXPECT_EQ(hears(pair.b), Sources{late});
    EXPECT_EQ(end_of(first), "replaced");
    sw.ended(late, causes::hung_up);
    EXPECT_EQ(told<TransferEnded>(pair.b).size(), 1U);
    EXPECT_EQ(hears(pair.a), Sources{pair.b});
}

}  // namespace
}  // namespace patchbay::call::test
