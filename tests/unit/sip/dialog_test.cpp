// What happens within a call, over the wire: hold, codec changes, glare, session timers, PRACK, INFO,
// OPTIONS.
#include "call/command.hpp"
#include "office.hpp"

namespace patchbay::sip {
namespace {

class Dialogs : public Office {
  protected:
    /// The leg of that number's party.
    LegId leg_of(const std::string& number) const {
        LegId found;
        for (const auto& event : events) {
            const auto* started = std::get_if<call::LegStarted>(&event.body);
            if (started != nullptr && started->facts->number == number) found = event.leg;
        }
        return found;
    }
    template <typename Body>
    int count(const std::string& number) const {
        int found = 0;
        for (const auto& event : events) {
            found += event.leg == leg_of(number) && std::holds_alternative<Body>(event.body) ? 1 : 0;
        }
        return found;
    }
    void hang_up(RawPhone& one, RawPhone& other) {
        one.request("BYE");
        one.expect("SIP/2.0 200");
        other.respond(other.expect("BYE "), 200);
    }
};

TEST_F(Dialogs, APhoneHoldsAndComesBack) {
    const auto [anna, boris] = talking();
    anna.request("INVITE", "", audio("sendonly", "8 0 101", 40000, 2));
    auto ok = anna.expect("SIP/2.0 200");
    EXPECT_NE(ok.body().find("a=recvonly"), std::string::npos);
    anna.ack();
    EXPECT_TRUE(until([&] { return count<call::LegHeld>("101") == 1; }));
    anna.request("INVITE", "", audio("sendrecv", "8 0 101", 40000, 3));
    ok = anna.expect("SIP/2.0 200");
    EXPECT_NE(ok.body().find("a=sendrecv"), std::string::npos);
    anna.ack();
    EXPECT_TRUE(until([&] { return count<call::LegRetrieved>("101") == 1; }));
    hang_up(anna, boris);
}

TEST_F(Dialogs, HoldByUpdateAndByTheOldAddressOfZerosWorkToo) {
    const auto [anna, boris] = talking();
    boris.request("UPDATE", "", audio("inactive", "8 101", 40000, 2));
    EXPECT_NE(boris.expect("SIP/2.0 200").body().find("a=inactive"), std::string::npos);
    EXPECT_TRUE(until([&] { return count<call::LegHeld>("102") == 1; }));
    auto zeros = audio("sendrecv", "8 0 101", 40000, 2);
    zeros.replace(zeros.find("c=IN IP4 127.0.0.1"), 18, "c=IN IP4 0.0.0.0");
    anna.request("INVITE", "", zeros);
    anna.expect("SIP/2.0 200");
    anna.ack();
    EXPECT_TRUE(until([&] { return count<call::LegHeld>("101") == 1; }));
    hang_up(anna, boris);
}

TEST_F(Dialogs, AReInviteWithoutOfferGetsOurs) {
    const auto [anna, boris] = talking();
    anna.request("INVITE");
    EXPECT_NE(anna.expect("SIP/2.0 200").body().find("m=audio"), std::string::npos);
    anna.ack(audio());
    EXPECT_TRUE(anna.hears_nothing_of("BYE "));
    hang_up(anna, boris);
}

TEST_F(Dialogs, SdpIsTakenFromABodyOfSeveralParts) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    connect(anna, boris, audio(), audio());
    const auto parts = [](const std::string& type) {
        return "--x\nContent-Type: text/plain\n\nhello\n--x\nContent-Type: " + type + "\n\n" +
               audio("sendonly") + "\n--x--\n";
    };
    anna.request("INVITE", "", parts("application/sdp"), "multipart/mixed;boundary=x");
    EXPECT_NE(anna.expect("SIP/2.0 200").body().find("a=recvonly"), std::string::npos);
    anna.ack();
    EXPECT_TRUE(until([&] { return count<call::LegHeld>("101") == 1; }));
    anna.request("INVITE", "", parts("text/html"), "multipart/mixed;boundary=\"x\"");
    EXPECT_EQ(anna.expect("SIP/2.0 4").status(), 415);
    anna.ack();
    hang_up(anna, boris);
}

TEST_F(Dialogs, AReInviteWithNoCodecOfOursIsRefusedAndTheCallGoesOn) {
    const auto [anna, boris] = talking();
    anna.request("INVITE", "", audio("sendrecv", "18"));
    EXPECT_EQ(anna.expect("SIP/2.0 4").status(), 488);
    anna.ack();
    hang_up(anna, boris);
}

TEST_F(Dialogs, APhoneHeldByItsButtonIsCalledBackByAReInvite) {
    const auto [anna, boris] = talking();
    anna.request("INVITE", "", audio("sendonly", "8 0 101", 40000, 2));
    anna.expect("SIP/2.0 200");
    anna.ack();
    EXPECT_TRUE(until([&] { return count<call::LegHeld>("101") == 1; }));
    the_switch->execute({{"demo.local", "", ""}, call::Retrieve{leg_of("101"), false}, "test"},
                        [](const Result<call::Outcome>&) {});
    const auto invite = anna.expect("INVITE ");
    EXPECT_NE(invite.body().find("a=sendrecv"), std::string::npos);
    anna.respond(invite, 200, "", audio("sendrecv", "8 0 101", 40000, 3));
    EXPECT_TRUE(anna.expect("ACK ").begins("ACK "));
    EXPECT_TRUE(until([&] { return count<call::LegRetrieved>("101") == 1; }));
    hang_up(boris, anna);
}

TEST_F(Dialogs, AnsweringPhonesWithDifferentCodecsAreBroughtToOne) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", audio("sendrecv", "0 8"));
    auto invite = boris.expect("INVITE ");
    boris.respond(invite, 183, "", audio("sendrecv", "0"));
    anna.expect("SIP/2.0 183");
    boris.respond(invite, 200, "", audio("sendrecv", "0"));
    boris.expect("ACK ");
    const auto ok = anna.expect("SIP/2.0 200");
    EXPECT_NE(ok.body().find("RTP/AVP 0"), std::string::npos);
    anna.learn(ok);
    anna.ack();
    hang_up(anna, boris);
}

TEST_F(Dialogs, GlareIsAnsweredWith491AndOurOwnChangeIsTriedAgain) {
    const auto [anna, boris] = talking();
    boris.request("INVITE", "", audio("sendonly", "8 0 101", 40000, 2));
    boris.expect("SIP/2.0 200");
    boris.ack();
    EXPECT_TRUE(until([&] { return count<call::LegHeld>("102") == 1; }));
    the_switch->execute({{"demo.local", "", ""}, call::Retrieve{leg_of("102"), false}, "test"},
                        [](const Result<call::Outcome>&) {});
    const auto ours = boris.expect("INVITE ");
    boris.request("INVITE", "", audio("sendonly", "8 0 101", 40000, 3));
    EXPECT_EQ(boris.expect("SIP/2.0 4").status(), 491);
    boris.ack();
    boris.respond(ours, 491);
    boris.expect("ACK ");
    // We made the Call-ID: the second try comes after 2.1 to 4 seconds (RFC 3261, section 14.1).
    const auto start = clock.ticks();
    const auto again = boris.expect("INVITE ");
    EXPECT_GE(clock.ticks() - start, Milliseconds{2000});
    boris.respond(again, 200, "", audio("sendrecv", "8 0 101", 40000, 4));
    boris.expect("ACK ");
    EXPECT_TRUE(until([&] { return count<call::LegRetrieved>("102") == 1; }));
    hang_up(anna, boris);
}

TEST_F(Dialogs, ASecondInviteBeforeTheFirstIsAnsweredIsToldToWait) {
    const auto [anna, boris, invite] = ringing();
    boris.respond(invite, 180);
    anna.learn(anna.expect("SIP/2.0 180"));
    anna.request("INVITE", "", audio());
    const auto wait = anna.expect("SIP/2.0 500");
    EXPECT_FALSE(wait.header("Retry-After").empty());
    boris.respond(invite, 486);
    anna.expect("SIP/2.0 486");
}

TEST_F(Dialogs, ASessionThatIsTooShortIsRefusedWith422) {
    auto& anna = phone("101");
    phone("102");
    anna.invite("102", audio(), "Supported: timer\nSession-Expires: 30\n");
    EXPECT_EQ(anna.expect("SIP/2.0 422").header("Min-SE"), "90");
}

TEST_F(Dialogs, OurSessionIsRaisedWhenThePhoneAsksForThat) {
    open([](config::Config& config) { config.sip.session_expires = Seconds{100}; });
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", audio());
    const auto first = boris.expect("INVITE ");
    EXPECT_EQ(first.header("Session-Expires"), "100");
    boris.respond(first, 422, "Min-SE: 300\n");
    boris.expect("ACK ");
    const auto second = boris.expect("INVITE ");
    EXPECT_EQ(second.header("Session-Expires"), "300");
    EXPECT_EQ(second.header("Min-SE"), "300");
    boris.respond(second, 486);
    anna.expect("SIP/2.0 486");
}

TEST_F(Dialogs, TheSessionIsRefreshedByUpdateAndEndsWhenNobodyAnswers) {
    open([](config::Config& config) {
        config.sip.session_expires = Seconds{3};
        config.sip.min_session_expires = Seconds{1};
    });
    const auto [anna, boris] = talking();
    const auto refresh = boris.expect("UPDATE ");
    EXPECT_EQ(refresh.header("Session-Expires"), "3;refresher=uac");
    EXPECT_TRUE(refresh.body().empty());
    boris.respond(refresh, 200, "Session-Expires: 3;refresher=uac\n");
    // Anna's phone has gone: it answers nothing any more.
    EXPECT_TRUE(until([&] { return how_ended("101") == "session_expired"; }));
    boris.respond(boris.expect("BYE "), 200);
}

TEST_F(Dialogs, APhoneThatRefreshesItselfKeepsTheSession) {
    open([](config::Config& config) {
        config.sip.session_expires = Seconds{3};
        config.sip.min_session_expires = Seconds{1};
    });
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", audio(), "Supported: timer\nSession-Expires: 3;refresher=uac\n");
    boris.pick_up(audio());
    const auto ok = anna.expect("SIP/2.0 200");
    EXPECT_EQ(ok.header("Session-Expires"), "3;refresher=uac");
    EXPECT_EQ(ok.header("Require"), "timer");
    anna.learn(ok);
    anna.ack();
    EXPECT_TRUE(until([&] { return how_ended("101") == "session_expired"; }));
    anna.respond(anna.expect("BYE "), 200);
}

TEST_F(Dialogs, RingingWithSdpIsReliableForACallerThatTakesIt) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", audio(), "Supported: 100rel\n");
    const auto invite = boris.expect("INVITE ");
    boris.respond(invite, 183, "", audio());
    const auto progress = anna.expect("SIP/2.0 183");
    EXPECT_EQ(progress.header("Require"), "100rel");
    const auto rseq = progress.header("RSeq");
    EXPECT_FALSE(rseq.empty());
    EXPECT_EQ(anna.expect("SIP/2.0 183").header("RSeq"), rseq);  // until it is acknowledged
    anna.learn(progress);
    const auto cseq = anna.dialog.cseq;
    anna.request("PRACK", "RAck: " + rseq + ' ' + std::to_string(cseq) + " INVITE\n");
    EXPECT_EQ(anna.expect("SIP/2.0 200").header("CSeq"), std::to_string(cseq + 1) + " PRACK");
    boris.respond(invite, 200, "", audio());
    boris.expect("ACK ");
    const auto ok = anna.expect("SIP/2.0 200");
    EXPECT_TRUE(ok.body().empty());
    anna.dialog.cseq = cseq;
    anna.ack();
    anna.dialog.cseq = cseq + 1;
    hang_up(anna, boris);
}

TEST_F(Dialogs, APrackThatMatchesNothingIsRefused) {
    const auto [anna, boris] = talking();
    anna.request("PRACK", "RAck: 77 1 INVITE\n");
    EXPECT_EQ(anna.expect("SIP/2.0 4").status(), 481);
    hang_up(anna, boris);
}

TEST_F(Dialogs, AReliableRingingOfThePhoneIsAcknowledgedByPrack) {
    const auto [anna, boris, invite] = ringing();
    boris.respond(invite, 183, "Require: 100rel\nRSeq: 900\n", audio());
    const auto prack = boris.expect("PRACK ");
    EXPECT_EQ(prack.header("RAck"), "900 " + invite.header("CSeq"));
    boris.respond(prack, 200);
    boris.respond(invite, 200);  // the answer came in the 183: none here
    boris.expect("ACK ");
    anna.hear_answer();
    EXPECT_TRUE(boris.hears_nothing_of("BYE "));
    boris.dialog.target = invite.contact();
    hang_up(anna, boris);
}

TEST_F(Dialogs, DigitsByInfoGoToTheOtherPhone) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    connect(anna, boris, audio("sendrecv", "8"), audio("sendrecv", "8"));
    anna.request("INFO", "", "Signal=5\nDuration=160\n", "application/dtmf-relay");
    EXPECT_EQ(anna.expect("SIP/2.0 200").status(), 200);
    const auto info = boris.expect("INFO ");
    EXPECT_NE(info.body().find("Signal=5"), std::string::npos);
    boris.respond(info, 200);
    boris.request("INFO", "", "what", "text/plain");
    EXPECT_EQ(boris.expect("SIP/2.0 4").status(), 415);
    EXPECT_EQ(count<call::DtmfPressed>("101"), 1);
    hang_up(anna, boris);
}

TEST_F(Dialogs, OptionsIsAnsweredInsideAndOutside) {
    const auto [anna, boris] = talking();
    anna.request("OPTIONS");
    const auto inside = anna.expect("SIP/2.0 200");
    EXPECT_NE(inside.header("Allow").find("REFER"), std::string::npos);
    EXPECT_NE(inside.header("Supported").find("replaces"), std::string::npos);
    RawPhone& passer_by = phone("103", false);
    passer_by.send(
        "OPTIONS sip:demo.local SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:" + std::to_string(passer_by.port()) +
        ";branch=z9hG4bKo\nFrom: <sip:x@y>;tag=1\nTo: <sip:demo.local>\nCall-ID: o\nCSeq: 1 OPTIONS\n\n");
    EXPECT_NE(passer_by.expect("SIP/2.0 200").header("Accept").find("application/sdp"), std::string::npos);
    hang_up(anna, boris);
}

TEST_F(Dialogs, MethodsNobodyServesAreRefusedByName) {
    const auto [anna, boris] = talking();
    anna.request("MESSAGE", "", "hello", "text/plain");
    const auto refused = anna.expect("SIP/2.0 4");
    EXPECT_EQ(refused.status(), 405);
    EXPECT_NE(refused.header("Allow").find("INVITE"), std::string::npos);
    anna.request("SUBSCRIBE", "Event: presence\n");
    EXPECT_EQ(anna.expect("SIP/2.0 4").status(), 489);
    anna.request("NOTIFY", "Event: refer\nSubscription-State: active\n");
    EXPECT_EQ(anna.expect("SIP/2.0 4").status(), 481);
    hang_up(anna, boris);
}

TEST_F(Dialogs, ARequestWithAnOldCseqIsRefused) {
    const auto [anna, boris] = talking();
    anna.request("OPTIONS");
    anna.expect("SIP/2.0 200");
    anna.dialog.cseq -= 3;
    anna.request("OPTIONS");
    EXPECT_EQ(anna.expect("SIP/2.0 5").status(), 500);
    anna.dialog.cseq += 5;
    hang_up(anna, boris);
}

}  // namespace
}  // namespace patchbay::sip
