// Calls from set-up to end, over the wire.
#include "office.hpp"

namespace patchbay::sip {
namespace {

class Calls : public Office {};

TEST_F(Calls, OnePhoneCallsAnotherAndHangsUp) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", audio());
    const auto invite = boris.expect("INVITE ");
    EXPECT_EQ(invite.header("To"), "<sip:102@demo.local>");
    boris.respond(invite, 180);
    EXPECT_EQ(anna.expect("SIP/2.0 180").status(), 180);
    boris.respond(invite, 200, "", audio());
    const auto ok = anna.expect("SIP/2.0 200");
    EXPECT_NE(ok.body().find("m=audio"), std::string::npos);
    anna.learn(ok);
    anna.ack();
    EXPECT_TRUE(boris.expect("ACK ").begins("ACK "));
    anna.request("BYE");
    EXPECT_EQ(anna.expect("SIP/2.0 200").header("CSeq").substr(2), "BYE");
    const auto bye = boris.expect("BYE ");
    EXPECT_NE(bye.header("Reason").find("cause=16"), std::string::npos);
    boris.respond(bye, 200);
    EXPECT_TRUE(until([&] { return stack->legs() == 0 && stack->finishing() == 0; }));
    EXPECT_EQ(how_ended("101"), "hung_up");
}

TEST_F(Calls, ACallThatNobodyAnswersAtOnceIsBeingTried) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", audio());
    const auto invite = boris.expect("INVITE ");
    EXPECT_EQ(anna.expect("SIP/2.0 ").status(), 100);
    boris.respond(invite, 486);
    EXPECT_EQ(anna.expect("SIP/2.0 ").status(), 486);
}

TEST_F(Calls, NothingOfOneLegShowsOnTheOther) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", audio(), "User-Agent: secret-phone\nX-Inside: 10.0.0.1\nSubject: hidden\n");
    const auto invite = boris.expect("INVITE ");
    for (const auto& word : {anna.dialog.call_id, std::string("secret-phone"), std::string("X-Inside"),
                             std::string("hidden"), std::to_string(anna.port())}) {
        EXPECT_EQ(invite.text.find(word), std::string::npos) << word;
    }
    EXPECT_TRUE(invite.header("Via", 1).empty());
    EXPECT_EQ(invite.header("Max-Forwards"), "69");
    boris.respond(invite, 486);
    anna.expect("SIP/2.0 486");
}

TEST_F(Calls, ACallerWhoProvesNothingIsChallengedAndAWrongPasswordRefused) {
    auto& stranger = phone("101", false);
    stranger.invite_plainly("102", audio());
    const auto challenge = stranger.expect("SIP/2.0 407");
    EXPECT_NE(challenge.header("Proxy-Authenticate").find("realm=\"demo.local\""), std::string::npos);
    stranger.password = "guess";
    stranger.dialog = {};
    stranger.invite("102", audio());
    EXPECT_EQ(stranger.expect("SIP/2.0 403").status(), 403);
    EXPECT_EQ(stack->legs(), 0U);
}

TEST_F(Calls, TheCallerCancelsWhileItRings) {
    const auto [anna, boris, invite] = ringing();
    boris.respond(invite, 180);
    anna.expect("SIP/2.0 180");
    anna.cancel();
    EXPECT_EQ(anna.expect("SIP/2.0 200").header("CSeq").substr(2), "CANCEL");
    EXPECT_EQ(anna.expect("SIP/2.0 487").status(), 487);
    const auto cancel = boris.expect("CANCEL ");
    EXPECT_EQ(cancel.header("Call-ID"), invite.header("Call-ID"));
    boris.respond(cancel, 200);
    boris.respond(invite, 487);
    EXPECT_TRUE(boris.expect("ACK ").begins("ACK "));
    EXPECT_TRUE(until([&] { return stack->finishing() == 0; }));
    EXPECT_EQ(how_ended("101"), "cancelled");
}

TEST_F(Calls, AnAnswerThatCrossesTheCancelIsAcknowledgedAndHungUp) {
    const auto [anna, boris, invite] = ringing();
    boris.respond(invite, 180);
    anna.expect("SIP/2.0 180");
    anna.cancel();
    boris.expect("CANCEL ");
    boris.respond(invite, 200, "", audio());
    EXPECT_TRUE(boris.expect("ACK ").begins("ACK "));
    const auto bye = boris.expect("BYE ");
    EXPECT_FALSE(bye.text.empty());
    boris.respond(bye, 200);
}

TEST_F(Calls, AnAnswerThatIsRepeatedIsAcknowledgedAgainAndTheCallGoesOn) {
    const auto [anna, boris, invite] = ringing();
    boris.respond(invite, 200, "", audio());
    const auto first = boris.expect("ACK ");
    // The ACK was lost on its way: the phone says 200 again.
    boris.respond(invite, 200, "", audio());
    const auto second = boris.expect("ACK ");
    EXPECT_EQ(second.header("CSeq"), first.header("CSeq"));
    EXPECT_EQ(second.header("To"), first.header("To"));
    EXPECT_NE(second.header("Via"), first.header("Via"));
    EXPECT_TRUE(boris.hears_nothing_of("BYE "));
    EXPECT_EQ(stack->legs(), 2U);
}

TEST_F(Calls, AllPhonesOfANumberRingAndTheFirstToAnswerWins) {
    auto& anna = phone("101");
    auto& desk = phone("102");
    auto& mobile = phone("102");
    anna.invite("102", audio());
    const auto at_desk = desk.expect("INVITE "), at_mobile = mobile.expect("INVITE ");
    desk.respond(at_desk, 180);
    mobile.respond(at_mobile, 180);
    anna.expect("SIP/2.0 180");
    mobile.respond(at_mobile, 200, "", audio());
    EXPECT_TRUE(mobile.expect("ACK ").begins("ACK "));
    const auto cancel = desk.expect("CANCEL ");
    EXPECT_NE(cancel.header("Reason").find("cause=200"), std::string::npos);
    // The other answers all the same: it crossed the CANCEL.
    desk.respond(at_desk, 200, "", audio());
    EXPECT_TRUE(desk.expect("ACK ").begins("ACK "));
    desk.respond(desk.expect("BYE "), 200);
    anna.hear_answer();
    EXPECT_TRUE(mobile.hears_nothing_of("BYE "));
}

TEST_F(Calls, AForkedInviteMakesEarlyDialogsAndASecondAnswerIsHungUp) {
    auto& anna = phone("101");
    auto& proxy = phone("102");
    anna.invite("102", audio());
    const auto invite = proxy.expect("INVITE ");
    auto one = invite, two = invite;
    const auto to = invite.header("To");
    const auto tagged = [&](RawMessage& message, const std::string& tag) {
        message.text.replace(message.text.find(to), to.size(), to + ";tag=" + tag);
    };
    tagged(one, "one");
    tagged(two, "two");
    proxy.respond(one, 180);
    proxy.respond(two, 183, "", audio());
    EXPECT_EQ(anna.expect("SIP/2.0 183").status(), 183);
    proxy.respond(two, 200, "", audio());
    EXPECT_EQ(proxy.expect("ACK ").tag("To"), "two");
    proxy.respond(one, 200, "", audio());
    EXPECT_EQ(proxy.expect("ACK ").tag("To"), "one");
    const auto bye = proxy.expect("BYE ");
    EXPECT_EQ(bye.tag("To"), "one");
    proxy.respond(bye, 200);
    anna.hear_answer();
}

TEST_F(Calls, EarlyMediaGoesThroughWith183) {
    const auto [anna, boris, invite] = ringing();
    boris.respond(invite, 183, "", audio());
    const auto progress = anna.expect("SIP/2.0 183");
    EXPECT_NE(progress.body().find("m=audio"), std::string::npos);
    boris.respond(invite, 200, "", audio());
    const auto ok = anna.expect("SIP/2.0 200");
    EXPECT_EQ(ok.body(), progress.body());
    anna.learn(ok);
    anna.ack();
}

TEST_F(Calls, ALateOfferIsAnsweredInTheAck) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", "");
    boris.pick_up(audio());
    const auto ok = anna.expect("SIP/2.0 200");
    EXPECT_NE(ok.body().find("m=audio"), std::string::npos);
    anna.learn(ok);
    anna.ack(audio("sendrecv", "0"));
    EXPECT_TRUE(anna.hears_nothing_of("BYE "));
    anna.request("BYE");
    anna.expect("SIP/2.0 200");
    boris.respond(boris.expect("BYE "), 200);
}

TEST_F(Calls, AnAckWithoutTheAnswerEndsALateOffer) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", "");
    boris.pick_up(audio());
    anna.hear_answer();
    anna.respond(anna.expect("BYE "), 200);
    EXPECT_EQ(how_ended("101"), "not_acceptable");
}

TEST_F(Calls, TheAnswerIsRepeatedUntilItIsAcknowledged) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", audio());
    boris.pick_up(audio());
    const auto first = anna.expect("SIP/2.0 200");
    const auto again = anna.expect("SIP/2.0 200");
    EXPECT_EQ(first.text, again.text);
    anna.learn(again);
    anna.ack();
    // A BYE from the other side waits for nothing now.
    boris.request("BYE");
    anna.respond(anna.expect("BYE "), 200);
}

TEST_F(Calls, ARepeatedAnswerIsAcknowledgedAgain) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", audio());
    const auto invite = boris.pick_up(audio());
    for (int times = 0; times < 2; ++times) {
        boris.respond(invite, 200, "", audio());
        EXPECT_EQ(boris.expect("ACK ").header("Call-ID"), invite.header("Call-ID"));
    }
    EXPECT_TRUE(boris.hears_nothing_of("BYE "));
    anna.hear_answer();
}

TEST_F(Calls, AHangUpBeforeTheAckWaitsForIt) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", audio());
    boris.pick_up(audio());
    anna.learn(anna.expect("SIP/2.0 200"));
    boris.request("BYE");
    boris.expect("SIP/2.0 200");
    EXPECT_TRUE(anna.hears_nothing_of("BYE "));
    anna.ack();
    anna.respond(anna.expect("BYE "), 200);
}

TEST_F(Calls, ARefusalComesThroughWithItsStatusAndReason) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", audio());
    boris.respond(boris.expect("INVITE "), 486, "Reason: Q.850;cause=17\n");
    const auto busy = anna.expect("SIP/2.0 486");
    EXPECT_NE(busy.header("Reason").find("cause=17"), std::string::npos);
    EXPECT_EQ(how_ended("102"), "busy");
}

TEST_F(Calls, ACallToAPhoneThatIsAwayIsRefusedAtOnce) {
    auto& anna = phone("101");
    anna.invite("103", audio());
    EXPECT_EQ(anna.expect("SIP/2.0 4").status(), 480);
    anna.dialog = {};
    anna.invite("999", audio());
    EXPECT_EQ(anna.expect("SIP/2.0 4").status(), 404);
}

TEST_F(Calls, ARedirectionRingsTheOtherNumber) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    auto& vera = phone("103");
    anna.invite("102", audio());
    boris.respond(boris.expect("INVITE "), 302, "Contact: <sip:103@demo.local>\n");
    vera.pick_up(audio());
    anna.hear_answer();
}

TEST_F(Calls, RequestsFollowTheRouteSetAndTheRemoteTarget) {
    const auto [anna, boris, invite] = ringing();
    const auto route = "<sip:127.0.0.1:" + std::to_string(boris.port()) + ";lr>";
    boris.respond(invite, 200, "Record-Route: " + route + "\nContact: <sip:boris@192.0.2.9:5999>\n", audio());
    const auto ack = boris.expect("ACK ");
    EXPECT_TRUE(ack.begins("ACK sip:boris@192.0.2.9:5999 "));
    EXPECT_EQ(ack.header("Route"), route);
    anna.hear_answer();
    anna.request("BYE");
    const auto bye = boris.expect("BYE ");
    EXPECT_EQ(bye.header("Route"), route);
    boris.respond(bye, 200);
}

}  // namespace
}  // namespace patchbay::sip
