// Calls from dialling to hanging up.
#include "stage.hpp"

namespace patchbay::call::test {
namespace {

class PlainCall : public Stage {};

TEST_F(PlainCall, RingsAnswersTalksAndEnds) {
    const auto a = dial("101", "102");
    const auto b = last_rung();
    EXPECT_EQ(phones.told[b].dial.number, "102");
    EXPECT_EQ(phones.told[b].dial.like, a);
    EXPECT_EQ(phones.told[b].dial.max_forwards, 69);
    sw.ringing(b, false);
    EXPECT_EQ(state(a), LegState::alerting);
    EXPECT_EQ(state(b), LegState::alerting);
    EXPECT_EQ(phones.told[a].progress, 1);
    EXPECT_EQ(hears(a), Sources{});
    sw.answered(b);
    EXPECT_TRUE(phones.told[a].answered);
    EXPECT_EQ(phones.told[a].like, b);
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(hears(b), Sources{a});
    sw.ended(b, causes::hung_up);
    EXPECT_EQ(phones.told[a].cause.slug, "hung_up");
    EXPECT_EQ(phones.told[a].cause.by, CauseBy::local);
    EXPECT_FALSE(phones.told[b].ended) << "SIP told us of b's end itself";
    expect_nothing_left();
}

TEST_F(PlainCall, EventsOfACallAreCountedWithoutGaps) {
    const auto [a, b] = talk();
    sw.ended(a, causes::hung_up);
    std::uint32_t expected = 0;
    for (const auto& event : events.all) EXPECT_EQ(event.sequence, ++expected);
    EXPECT_TRUE(std::holds_alternative<LegStarted>(events.all.front().body));
    ASSERT_TRUE(std::holds_alternative<CallEnded>(events.all.back().body));
    EXPECT_EQ(std::get<CallEnded>(events.all.back().body).cause.by, CauseBy::remote);
    EXPECT_EQ(told<LegEnded>(a).size(), 1U);
    EXPECT_EQ(told<LegEnded>(b).size(), 1U);
}

TEST_F(PlainCall, TheFactsNameBothPartiesAndWhoWorksThere) {
    const auto [a, b] = talk();
    const auto caller = find(a);
    EXPECT_EQ(caller.facts->direction, Direction::out);
    EXPECT_EQ(caller.facts->display_name, "Анна Оператор");
    EXPECT_EQ(caller.facts->operator_id, "op1");
    EXPECT_EQ(caller.facts->remote_number, "102");
    EXPECT_EQ(caller.facts->remote_operator_id, "op2");
    EXPECT_EQ(caller.other, b);
    const auto called = find(b);
    EXPECT_EQ(called.facts->direction, Direction::in);
    EXPECT_EQ(called.facts->called_number, "102");
    EXPECT_EQ(called.facts->remote_number, "101");
    EXPECT_EQ(called.facts->remote_group, "sales");
    EXPECT_EQ(called.other, a);
}

TEST_F(PlainCall, EarlyMediaIsHeardBeforeTheAnswer) {
    const auto a = dial("101", "9123");
    const auto b = last_rung();
    EXPECT_EQ(phones.told[b].dial.trunk, "provider");
    EXPECT_EQ(phones.told[b].dial.number, "123");
    EXPECT_EQ(phones.told[b].dial.from.number, "+73832001010");
    sw.ringing(b, false);
    sw.ringing(b, true);
    EXPECT_EQ(phones.told[a].progress, 2);
    EXPECT_TRUE(phones.told[a].early_media);
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(hears(b), Sources{});
    EXPECT_EQ(told<LegAlerting>(a).size(), 1U);
}

TEST_F(PlainCall, TheCallersCancelEndsTheRinging) {
    const auto a = dial("101", "102");
    const auto b = last_rung();
    sw.ended(a, causes::cancelled);
    EXPECT_TRUE(phones.told[b].ended);
    sw.answered(b);
    sw.ringing(b, true);
    sw.ended(b, causes::hung_up);
    expect_nothing_left();
}

TEST_F(PlainCall, BusyAndDeclinedReachTheCallerWithTheirCode) {
    const auto a = dial("101", "102");
    sw.ended(last_rung(), cause_of_status(486));
    EXPECT_EQ(phones.told[a].cause.sip, 486);
    EXPECT_EQ(phones.told[a].cause.slug, "busy");
    const auto again = dial("101", "102");
    sw.ended(last_rung(), cause_of_status(603));
    EXPECT_EQ(phones.told[again].cause.sip, 603);
    expect_nothing_left();
}

TEST_F(PlainCall, WhatCannotBeRungIsRefusedWithItsCode) {
    phones.unregistered["103"] = true;
    ears.ports_left = 0;
    EXPECT_EQ(phones.told[dial("101", "555")].cause.sip, 404);
    EXPECT_EQ(phones.told[dial("101", "")].cause.sip, 404);
    EXPECT_EQ(phones.told[dial("101", "103")].cause.sip, 480);
    EXPECT_EQ(phones.told[dial("101", "102")].cause.sip, 503);
    ears.ports_left = 1;
    EXPECT_EQ(phones.told[dial("101", "102")].cause.sip, 503);
    EXPECT_EQ(phones.told[dial("101", "701")].cause.sip, 404) << "an empty parking slot";
    expect_nothing_left();
}

TEST_F(PlainCall, NobodyOutsideCallsOutThroughUs) {
    EXPECT_EQ(phones.told[dial("+7913", "+73832001099", "provider")].cause.sip, 403);
    EXPECT_EQ(phones.told[dial("+7913", "9123", "provider")].cause.sip, 404);
    EXPECT_EQ(phones.told[dial("999", "9123")].cause.sip, 403) << "a number that is no extension of ours";
    EXPECT_TRUE(phones.rung.empty());
    expect_nothing_left();
}

TEST_F(PlainCall, TheLongestPrefixChoosesTheTrunk) {
    dial("101", "98555");
    EXPECT_EQ(phones.told[last_rung()].dial.trunk, "dear");
    EXPECT_EQ(phones.told[last_rung()].dial.number, "555");
    EXPECT_EQ(phones.told[last_rung()].dial.from.number, "101");
    EXPECT_EQ(phones.told[dial("101", "9")].cause.sip, 404) << "nothing is left to dial";
}

TEST_F(PlainCall, ADidLeadsToItsNumber) {
    const auto [a, b] = customer_talks();
    EXPECT_EQ(find(b).facts->number, "102");
    EXPECT_EQ(find(b).facts->called_did, "+73832001010");
    EXPECT_EQ(find(a).facts->trunk, "provider");
    EXPECT_EQ(find(b).facts->remote_number, "+79130000001");
}

TEST_F(PlainCall, HopsAreSpentAndRunOut) {
    Incoming call{"demo.local", "", {"101", "", false}, "102", {}, 1};
    const auto last = sw.new_leg();
    sw.incoming(last, call);
    EXPECT_EQ(phones.told[last_rung()].dial.max_forwards, 0);
    call.max_forwards = 0;
    const auto refused_leg = sw.new_leg();
    sw.incoming(refused_leg, call);
    EXPECT_EQ(phones.told[refused_leg].cause.sip, 483);
}

TEST_F(PlainCall, AnUnansweredCallIsGivenUp) {
    const auto a = dial("101", "102");
    const auto b = last_rung();
    sw.ringing(b, false);
    pass(config->sip.ring_timeout);
    EXPECT_EQ(phones.told[a].cause.slug, "no_answer");
    EXPECT_EQ(phones.told[a].cause.by, CauseBy::timeout);
    EXPECT_TRUE(phones.told[b].ended);
    expect_nothing_left();
}

TEST_F(PlainCall, ARedirectionIsFollowedWithANewLeg) {
    const auto a = dial("101", "102");
    const auto b = last_rung();
    sw.redirected(b, "103");
    const auto c = last_rung();
    EXPECT_NE(b, c);
    EXPECT_EQ(end_of(b), "redirected");
    EXPECT_FALSE(phones.told[b].ended);
    EXPECT_EQ(find(a).facts->remote_number, "103");
    sw.answered(c);
    EXPECT_EQ(hears(a), Sources{c});
}

TEST_F(PlainCall, RedirectionsDoNotGoRoundForEver) {
    const auto a = dial("101", "102");
    for (int i = 0; i < 6; ++i) sw.redirected(last_rung(), i % 2 == 0 ? "103" : "102");
    EXPECT_EQ(phones.rung.size(), 6U);
    EXPECT_EQ(phones.told[a].cause.slug, "loop");
    expect_nothing_left();
}

TEST_F(PlainCall, APhoneRedirectsOutOnlyWhereItMayCall) {
    dial("101", "102");
    sw.redirected(last_rung(), "9777");
    EXPECT_EQ(phones.told[last_rung()].dial.trunk, "provider");
    const auto outside = last_rung();
    sw.redirected(outside, "103");
    EXPECT_EQ(last_rung(), outside) << "a trunk's word rings nobody";
    expect_nothing_left();
}

TEST_F(PlainCall, LostMediaEndsTheCallWithItsCause) {
    const auto [a, b] = talk();
    sw.media_lost(b);
    EXPECT_EQ(end_of(b), "media_lost");
    EXPECT_EQ(phones.told[a].cause.by, CauseBy::media);
    expect_nothing_left();
}

TEST_F(PlainCall, ACallerWhoOnlyHearsTheRingingNeedNotSend) {
    const auto a = dial("101", "102");
    sw.ringing(last_rung(), true);
    EXPECT_TRUE(phones.told[a].early_media);
    sw.media_lost(a);
    EXPECT_EQ(sw.calls(), 1U);
    sw.answered(last_rung());
    sw.media_lost(a);
    EXPECT_EQ(end_of(a), "media_lost");
    expect_nothing_left();
}

TEST_F(PlainCall, DigitsAreToldAndSentOnToWhoHears) {
    const auto [a, b] = talk();
    sw.dtmf(a, '5');
    sw.dtmf(a, '6');
    sw.dtmf(a, 'x');
    EXPECT_EQ(phones.told[b].digits, "56");
    ASSERT_EQ(told<DtmfPressed>(a).size(), 2U);
    EXPECT_EQ(told<DtmfPressed>(a)[1].digit, '6');
    done(Hold{b});
    sw.dtmf(a, '7');
    EXPECT_EQ(phones.told[b].digits, "56") << "who holds hears no digits";
}

TEST_F(PlainCall, ClearHangsUpBoth) {
    const auto [a, b] = talk();
    done(Clear{b});
    EXPECT_EQ(end_of(b), "cleared");
    EXPECT_EQ(told<LegEnded>(b).front().cause.by, CauseBy::api);
    EXPECT_EQ(told<LegEnded>(a).front().cause.by, CauseBy::local);
    EXPECT_EQ(refused(Clear{b}), refusal::no_such_leg);
    expect_nothing_left();
}

TEST_F(PlainCall, DrainingRefusesNewCallsAndKeepsOld) {
    const auto [a, b] = talk();
    sw.drain();
    EXPECT_EQ(phones.told[dial("103", "104")].cause.sip, 503);
    EXPECT_EQ(state(a), LegState::connected);
    sw.clear_all(causes::shutdown);
    EXPECT_EQ(end_of(b), "shutdown");
    expect_nothing_left();
}

TEST_F(PlainCall, AnAnonymousCallerStaysSo) {
    Incoming call{"demo.local", "", {"101", "", true}, "102", {}, 70};
    const auto a = sw.new_leg();
    sw.incoming(a, call);
    EXPECT_TRUE(phones.told[last_rung()].dial.from.anonymous);
    EXPECT_EQ(find(last_rung()).facts->remote_number, "anonymous");
    EXPECT_EQ(find(last_rung()).facts->remote_display_name, "");
    EXPECT_EQ(find(a).facts->number, "101");
}

}  // namespace
}  // namespace patchbay::call::test
