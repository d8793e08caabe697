// Blind transfer, its failures and its races, by command and by REFER.
#include "stage.hpp"

namespace patchbay::call::test {
namespace {

class BlindTransfer : public Stage {
  protected:
    void SetUp() override {
        const auto pair = customer_talks();
        a = pair.a;
        b = pair.b;
    }
    LegId transfer_to(const std::string& to) {
        done(Transfer{b, to});
        return last_rung();
    }
    void expect_talk(LegId one, LegId other) {
        EXPECT_EQ(hears(one), Sources{other});
        EXPECT_EQ(hears(other), Sources{one});
    }
    LegId a, b;
};

TEST_F(BlindTransfer, MusicUntilTheTargetAnswersAndTheTransferorLeavesWhenItRings) {
    const auto s = transfer_to("103");
    EXPECT_EQ(phones.told[s].dial.like, a);
    EXPECT_EQ(phones.told[s].dial.from.number, "+79130000001");
    EXPECT_EQ(hears(a), Sources{Sound::music});
    EXPECT_EQ(hears(b), Sources{});
    EXPECT_EQ(state(b), LegState::connected);
    sw.ringing(s, false);
    EXPECT_EQ(end_of(b), "transferred");
    EXPECT_TRUE(phones.told[b].ended);
    EXPECT_EQ(hears(a), Sources{Sound::music});
    sw.answered(s);
    expect_talk(a, s);
    EXPECT_EQ(find(a).facts->remote_number, "103");
    EXPECT_EQ(phones.told[a].brought_to, s);
    EXPECT_EQ(told<TransferStarted>(b).size(), 1U);
    ASSERT_EQ(told<TransferEnded>(a).size(), 1U) << "told on the transferee: the transferor is gone";
    EXPECT_TRUE(told<TransferEnded>(a).front().done);
    EXPECT_TRUE(told<TransferEnded>(b).empty());
    sw.ended(a, causes::hung_up);
    expect_nothing_left();
}

TEST_F(BlindTransfer, ATargetThatAnswersWithoutRinging) {
    const auto s = transfer_to("103");
    sw.answered(s);
    EXPECT_EQ(end_of(b), "transferred");
    expect_talk(a, s);
    EXPECT_EQ(told<TransferEnded>(b).size(), 1U);
}

TEST_F(BlindTransfer, AHeldTransferorTransfersToo) {
    sw.hold_changed(b, true);
    const auto s = transfer_to("103");
    sw.ringing(s, false);
    sw.answered(s);
    expect_talk(a, s);
}

TEST_F(BlindTransfer, ABusyTargetGivesTheCustomerBack) {
    const auto s = transfer_to("103");
    sw.ended(s, cause_of_status(486));
    expect_talk(a, b);
    ASSERT_EQ(told<TransferEnded>(b).size(), 1U);
    EXPECT_FALSE(told<TransferEnded>(b).front().done);
    EXPECT_EQ(told<TransferEnded>(b).front().cause.slug, "busy");
    EXPECT_EQ(refused(Transfer{b, "104"}), "") << "another try is possible";
}

TEST_F(BlindTransfer, AnUnansweredTargetHasTheTransferorRungAnew) {
    const auto s = transfer_to("103");
    sw.ringing(s, false);
    pass(config->calls.transfer_timeout);
    EXPECT_EQ(end_of(s), "no_answer");
    const auto back = last_rung();
    EXPECT_NE(back, s);
    EXPECT_EQ(phones.told[back].dial.number, "102");
    EXPECT_EQ(hears(a), Sources{Sound::music});
    sw.ringing(back, false);
    sw.answered(back);
    expect_talk(a, back);
    EXPECT_EQ(find(a).facts->remote_number, "102");
    EXPECT_FALSE(told<TransferEnded>(a).front().done);
    sw.ended(back, causes::hung_up);
    expect_nothing_left();
}

TEST_F(BlindTransfer, ATransferorWhoIsAwayClearsTheCustomerWithTheCause) {
    const auto s = transfer_to("103");
    sw.ringing(s, false);
    phones.unregistered["102"] = true;
    sw.ended(s, cause_of_status(603));
    EXPECT_EQ(end_of(a), "declined");
    expect_nothing_left();
}

TEST_F(BlindTransfer, ATransferorWhoDoesNotAnswerTheRecallClearsTheCustomer) {
    const auto s = transfer_to("103");
    sw.ringing(s, false);
    sw.ended(s, cause_of_status(486));
    pass(config->calls.transfer_timeout);
    EXPECT_EQ(end_of(a), "no_answer");
    expect_nothing_left();
}

TEST_F(BlindTransfer, TheCustomerHangingUpCancelsTheTarget) {
    const auto s = transfer_to("103");
    sw.ringing(s, false);
    sw.ended(a, causes::cancelled);
    EXPECT_TRUE(phones.told[s].ended);
    EXPECT_EQ(told<TransferEnded>(s).size(), 1U);
    expect_nothing_left();
}

TEST_F(BlindTransfer, TheCustomerHangingUpBeforeItRingsEndsAll) {
    const auto s = transfer_to("103");
    sw.ended(a, causes::hung_up);
    EXPECT_TRUE(phones.told[s].ended);
    EXPECT_TRUE(phones.told[b].ended);
    EXPECT_EQ(told<TransferEnded>(b).size(), 1U);
    expect_nothing_left();
}

TEST_F(BlindTransfer, TheTransferorHangingUpEarlyDoesNotBreakIt) {
    const auto s = transfer_to("103");
    sw.ended(b, causes::hung_up);
    EXPECT_EQ(hears(a), Sources{Sound::music});
    sw.ringing(s, false);
    sw.answered(s);
    expect_talk(a, s);
    EXPECT_EQ(told<LegEnded>(b).size(), 1U);
}

TEST_F(BlindTransfer, ATargetThatFailsAfterTheTransferorHungUpRingsItAnew) {
    const auto s = transfer_to("103");
    sw.ended(b, causes::hung_up);
    sw.ended(s, cause_of_status(486));
    EXPECT_EQ(phones.told[last_rung()].dial.number, "102");
    sw.answered(last_rung());
    expect_talk(a, last_rung());
}

TEST_F(BlindTransfer, RetrieveCallsItOff) {
    const auto s = transfer_to("103");
    done(Retrieve{b});
    EXPECT_EQ(end_of(s), "transfer_cancelled");
    expect_talk(a, b);
}

TEST_F(BlindTransfer, WhatCannotBeTransferredToIsRefusedAtOnce) {
    phones.unregistered["104"] = true;
    EXPECT_EQ(refused(Transfer{b, "555"}), refusal::no_such_number);
    EXPECT_EQ(refused(Transfer{b, "104"}), refusal::no_such_number);
    EXPECT_EQ(refused(Transfer{b, "102"}), refusal::invalid);
    EXPECT_EQ(refused(Transfer{b, ""}), refusal::invalid);
    EXPECT_EQ(refused(Transfer{b, "701"}), refusal::no_such_number);
    ears.ports_left = 0;
    EXPECT_EQ(refused(Transfer{b, "103"}), refusal::no_media);
    expect_talk(a, b);
    EXPECT_EQ(told<TransferStarted>(b).size(), told<TransferEnded>(b).size());
}

TEST_F(BlindTransfer, AnExtensionTransfersOverATrunkAndATrunkPartyDoesNot) {
    EXPECT_EQ(refused(Transfer{a, "9555"}), refusal::no_such_number);
    const auto s = transfer_to("9555");
    EXPECT_EQ(phones.told[s].dial.trunk, "provider");
}

TEST_F(BlindTransfer, OneTransferAtATime) {
    transfer_to("103");
    EXPECT_EQ(refused(Transfer{b, "104"}), refusal::in_progress);
    EXPECT_EQ(refused(AttendedTransfer{b, "104"}), refusal::in_progress);
    EXPECT_EQ(refused(Park{b}), refusal::in_progress);
    EXPECT_EQ(refused(Pickup{b, "104"}), refusal::in_progress);
    EXPECT_EQ(refused(Supervise{b, "104", SuperviseMode::observe}), refusal::in_progress);
}

TEST_F(BlindTransfer, ARingingLegTransfersNobody) {
    const auto caller = dial("103", "104");
    EXPECT_EQ(refused(Transfer{caller, "105"}), refusal::wrong_state);
    EXPECT_EQ(refused(Transfer{last_rung(), "105"}), refusal::wrong_state);
}

TEST_F(BlindTransfer, ARedirectingTargetLeadsOn) {
    const auto s = transfer_to("103");
    sw.redirected(s, "104");
    const auto t = last_rung();
    EXPECT_EQ(state(b), LegState::connected);
    sw.ringing(t, false);
    EXPECT_EQ(end_of(b), "transferred");
    sw.answered(t);
    expect_talk(a, t);
}

TEST_F(BlindTransfer, ReferTellsThePhoneHowItGoes) {
    EXPECT_TRUE(sw.refer(b, "103", {}));
    const auto s = last_rung();
    sw.ringing(s, false);
    EXPECT_EQ(phones.told[b].refer_progress, (std::vector{180, 200}));
    EXPECT_TRUE(phones.told[b].ended);
    sw.answered(s);
    expect_talk(a, s);
}

TEST_F(BlindTransfer, ReferToABusyNumberTellsSo) {
    EXPECT_TRUE(sw.refer(b, "103", {}));
    sw.ended(last_rung(), cause_of_status(486));
    EXPECT_EQ(phones.told[b].refer_progress, std::vector{486});
    expect_talk(a, b);
    EXPECT_FALSE(sw.refer(b, "555", {}));
    EXPECT_FALSE(sw.refer(LegId{5}, "103", {}));
}

TEST_F(BlindTransfer, ByeRightAfterReferDoesNotBreakIt) {
    EXPECT_TRUE(sw.refer(b, "103", {}));
    const auto s = last_rung();
    sw.ended(b, causes::hung_up);
    sw.answered(s);
    expect_talk(a, s);
    EXPECT_TRUE(phones.told[b].refer_progress.empty());
}

TEST_F(BlindTransfer, ToAParkingSlotJoinsWhoWaitsThere) {
    const auto other = talk("104", "105");
    done(Park{other.b});
    done(Transfer{b, "701"});
    expect_talk(a, other.a);
    EXPECT_EQ(end_of(b), "transferred");
    EXPECT_EQ(find(other.a).call, find(a).call);
    EXPECT_EQ(sw.calls(), 1U);
    sw.ended(a, causes::hung_up);
    expect_nothing_left();
}

class JoinTwoCalls : public BlindTransfer {};

TEST_F(JoinTwoCalls, TheOtherPartiesTalkAndBothTransferorsLeave) {
    const auto second = talk("103", "104");
    const auto from = find(second.a).call;
    done(Join{b, second.a});
    expect_talk(a, second.b);
    EXPECT_EQ(end_of(b), "transferred");
    EXPECT_EQ(end_of(second.a), "transferred");
    ASSERT_EQ(told<LegMoved>(second.b).size(), 1U);
    EXPECT_EQ(told<LegMoved>(second.b).front().from, from);
    EXPECT_EQ(find(a).facts->remote_number, "104");
    EXPECT_EQ(find(second.b).facts->remote_number, "+79130000001");
    EXPECT_EQ(sw.calls(), 1U);
    sw.ended(second.b, causes::hung_up);
    expect_nothing_left();
}

TEST_F(JoinTwoCalls, SemiAttendedTheCustomerHearsMusicUntilTheAnswer) {
    sw.hold_changed(b, true);
    const auto b2 = dial("102", "104");
    const auto s = last_rung();
    sw.ringing(s, false);
    EXPECT_TRUE(sw.refer(b, "104", b2));
    EXPECT_EQ(end_of(b), "transferred");
    EXPECT_EQ(end_of(b2), "transferred");
    EXPECT_EQ(phones.told[b].refer_progress.back(), 200);
    EXPECT_EQ(hears(a), Sources{Sound::music});
    EXPECT_FALSE(phones.told[s].ended);
    sw.answered(s);
    expect_talk(a, s);
    sw.ended(a, causes::hung_up);
    expect_nothing_left();
}

TEST_F(JoinTwoCalls, WhatDoesNotFitIsRefused) {
    EXPECT_EQ(refused(Join{b, a}), refusal::invalid);
    EXPECT_EQ(refused(Join{b, LegId{9}}), refusal::no_such_leg);
    const auto caller = dial("103", "104");
    EXPECT_EQ(refused(Join{caller, b}), refusal::wrong_state);
    EXPECT_EQ(refused(Join{b, last_rung()}), refusal::wrong_state);
    EXPECT_FALSE(sw.refer(b, "", LegId{99}));
}

TEST_F(JoinTwoCalls, ReferWithReplacesDoesTheSame) {
    const auto second = talk("102", "104");
    EXPECT_TRUE(sw.refer(b, "104", second.a));
    EXPECT_EQ(phones.told[b].refer_progress, std::vector{200});
    expect_talk(a, second.b);
}

}  // namespace
}  // namespace patchbay::call::test
