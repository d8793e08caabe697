// Calls to and from a trunk, through the whole server: a gateway made of text on the other side.
#include "office.hpp"
#include "sip/digest.hpp"

namespace patchbay::sip {
namespace {

const std::string outside = "+79130000000", did = "+73832001010";

class TrunkCalls : public Office {
  protected:
    /// The server anew, at the same address, with a trunk that leads to the gateway.
    RawPhone& gateway(const std::function<void(config::Trunk&)>& change = {},
                      const std::string& user = outside) {
        auto& there = phone(user, false);
        const auto here = stack->bound("udp");
        open([&](config::Config& config) {
            config.sip.udp = here;
            config::Trunk trunk;
            trunk.name = "provider";
            trunk.host = "127.0.0.1";
            trunk.port = there.port();
            trunk.inbound = {{"127.0.0.1"}, {{did, "101"}}};
            trunk.outbound = {{"9", 1, did}};
            if (change) change(trunk);
            config.domains[0].trunks.push_back(trunk);
        });
        return there;
    }
};

TEST_F(TrunkCalls, ACallToTheOutsideNumberRingsTheExtensionBehindIt) {
    auto& there = gateway();
    auto& anna = phone("101");
    there.invite_plainly(did, audio(), "P-Asserted-Identity: \"Ivan\" <sip:+79990000000@provider>\n");
    const auto invite = anna.expect("INVITE ");
    EXPECT_NE(invite.header("From").find("\"Ivan\" <sip:+79990000000@"), std::string::npos)
        << invite.header("From");
    EXPECT_TRUE(invite.header("P-Asserted-Identity").empty()) << "a phone is told in From alone";
    anna.respond(invite, 486);
    EXPECT_EQ(there.expect("SIP/2.0 486").status(), 486);
}

TEST_F(TrunkCalls, ANameThatIsNoTextIsMadeOne) {
    auto& there = gateway();
    auto& anna = phone("101");
    there.invite_plainly(did, audio(), "P-Asserted-Identity: \"\xcf\xe5\xf2\xf0\" <sip:+7%00999@provider>\n");
    const auto invite = anna.expect("INVITE ");
    EXPECT_NE(invite.header("From").find("\"????\" <sip:+7"), std::string::npos) << invite.header("From");
    EXPECT_EQ(invite.header("From").find("%00"), std::string::npos) << invite.header("From");
    anna.respond(invite, 486);
    there.expect("SIP/2.0 486");
}

TEST_F(TrunkCalls, AnAssertedIdentityThatCannotBeReadIsCountedAndFromBelieved) {
    const auto ignored = [] {
        return counted("patchbay_sip_ignored_headers_total{header=\"P-Asserted-Identity\"}");
    };
    auto& there = gateway();
    auto& anna = phone("101");
    double before = ignored();
    for (const char* broken : {"<<<", "nonsense", "<sip:provider>"}) {
        there.dialog = {};
        there.invite_plainly(did, audio(), std::string("P-Asserted-Identity: ") + broken + "\n");
        const auto invite = anna.expect("INVITE ");
        EXPECT_NE(invite.header("From").find(outside), std::string::npos) << invite.header("From");
        EXPECT_EQ(ignored(), ++before) << broken;
        anna.respond(invite, 486);
        there.expect("SIP/2.0 486");
    }
}

TEST_F(TrunkCalls, AnAssertedIdentityFromAnUntrustedTrunkIsNotBelieved) {
    auto& there = gateway([](config::Trunk& trunk) { trunk.trusted = false; });
    auto& anna = phone("101");
    there.invite_plainly(did, audio(), "P-Asserted-Identity: <sip:+79990000000@provider>\n");
    const auto invite = anna.expect("INVITE ");
    EXPECT_NE(invite.header("From").find(outside), std::string::npos) << invite.header("From");
    anna.respond(invite, 486);
    there.expect("SIP/2.0 486");
}

TEST_F(TrunkCalls, ANumberThatIsNotOursIsNotFoundAndCallsDoNotGoBackOut) {
    auto& there = gateway();
    there.invite_plainly("+73830000404", audio());
    EXPECT_EQ(there.expect("SIP/2.0 4").status(), 404);
    there.dialog = {};
    there.invite_plainly("9" + outside, audio());
    EXPECT_GE(there.expect("SIP/2.0 4").status(), 403);
    EXPECT_TRUE(there.hears_nothing_of("INVITE "));
}

TEST_F(TrunkCalls, AnExtensionCallsOutWithTheTrunksNumber) {
    auto& there = gateway();
    auto& anna = phone("101");
    anna.invite("9" + outside, audio());
    const auto invite = there.pick_up(audio());
    EXPECT_TRUE(invite.begins("INVITE sip:" + outside + "@127.0.0.1:" + std::to_string(there.port())))
        << invite.text;
    EXPECT_NE(invite.header("From").find("sip:" + did + "@"), std::string::npos) << invite.header("From");
    EXPECT_NE(invite.header("P-Asserted-Identity").find("sip:" + did + "@"), std::string::npos);
    anna.hear_answer();
    EXPECT_TRUE(until([this] { return the_switch->legs() == 2; }));
}

TEST_F(TrunkCalls, WhoHidesIsHiddenInFromButAssertedToATrustedTrunk) {
    auto& there = gateway();
    auto& anna = phone("101");
    anna.invite("9" + outside, audio(), "Privacy: id\n");
    const auto invite = there.expect("INVITE ");
    EXPECT_NE(invite.header("From").find("sip:anonymous@anonymous.invalid"), std::string::npos);
    EXPECT_NE(invite.header("P-Asserted-Identity").find(did), std::string::npos);
    EXPECT_EQ(invite.header("Privacy"), "id");
    there.respond(invite, 486);
    anna.expect("SIP/2.0 486");
}

TEST_F(TrunkCalls, WhoHidesIsNotShownToAnUntrustedTrunkAtAll) {
    auto& there = gateway([](config::Trunk& trunk) { trunk.trusted = false; });
    auto& anna = phone("101");
    anna.invite("9" + outside, audio(), "Privacy: id\n");
    const auto invite = there.expect("INVITE ");
    EXPECT_NE(invite.header("From").find("sip:anonymous@anonymous.invalid"), std::string::npos);
    EXPECT_EQ(invite.text.find(did), std::string::npos) << invite.text;
    there.respond(invite, 486);
    anna.expect("SIP/2.0 486");
}

TEST_F(TrunkCalls, ATrunkThatAsksForThePasswordGetsTheProof) {
    auto& there = gateway([](config::Trunk& trunk) {
        trunk.user = "alice";
        trunk.password = "provider-secret";
    });
    auto& anna = phone("101");
    anna.invite("9" + outside, audio());
    const auto first = there.expect("INVITE ");
    EXPECT_TRUE(first.header("Proxy-Authorization").empty());
    DigestServer provider(clock);
    there.respond(first, 407, "Proxy-Authenticate: " + provider.challenges("provider")[0] + "\n");
    const auto second = there.expect("INVITE ");
    const std::vector<std::string> proof{second.header("Proxy-Authorization")};
    const std::string uri = "sip:" + outside + "@127.0.0.1";
    const auto outcome =
        provider.check({"INVITE", uri, "provider", "127.0.0.1"}, proof,
                       [](std::string_view) { return std::optional<std::string>("provider-secret"); });
    EXPECT_EQ(outcome.verdict, DigestVerdict::accepted);
    EXPECT_EQ(outcome.username, "alice");
    there.respond(second, 486);
    EXPECT_EQ(anna.expect("SIP/2.0 486").status(), 486);
}

TEST_F(TrunkCalls, ATrunkThatAsksForTheProofAgainAtTheEndGetsIt) {
    auto& there = gateway([](config::Trunk& trunk) {
        trunk.user = "alice";
        trunk.password = "provider-secret";
    });
    auto& anna = phone("101");
    anna.invite("9" + outside, audio());
    DigestServer provider(clock);
    const auto challenge = [&] { return "Proxy-Authenticate: " + provider.challenges("provider")[0] + "\n"; };
    there.respond(there.expect("INVITE "), 407, challenge());
    there.respond(there.expect("INVITE "), 200, "", audio());
    there.expect("ACK ");
    anna.hear_answer();
    anna.request("BYE");
    there.respond(there.expect("BYE "), 407, challenge());
    const auto proven = there.expect("BYE ");
    const std::vector<std::string> proof{proven.header("Proxy-Authorization")};
    const auto uri = proven.text.substr(4, proven.text.find(' ', 4) - 4);
    const auto outcome = provider.check({"BYE", uri, "provider", "127.0.0.1"}, proof, [](std::string_view) {
        return std::optional<std::string>("provider-secret");
    });
    EXPECT_EQ(outcome.verdict, DigestVerdict::accepted);
    EXPECT_NE(proven.header("Reason").find("cause=16"), std::string::npos);
    there.respond(proven, 407, challenge());  // a second refusal is taken for the end
    EXPECT_TRUE(until([&] { return stack->finishing() == 0; }));
}

TEST_F(TrunkCalls, ATrunkThatRefusesTheProofEndsTheCall) {
    auto& there = gateway([](config::Trunk& trunk) {
        trunk.user = "alice";
        trunk.password = "wrong";
    });
    auto& anna = phone("101");
    anna.invite("9" + outside, audio());
    DigestServer provider(clock);
    for (int i = 0; i < 2; ++i)
        there.respond(there.expect("INVITE "), 407,
                      "Proxy-Authenticate: " + provider.challenges("provider")[0] + "\n");
    EXPECT_GE(anna.expect("SIP/2.0 4").status(), 400);
    EXPECT_TRUE(there.hears_nothing_of("INVITE "));
}

TEST_F(TrunkCalls, ATrunkFromAnyAddressMayProveItselfByItsPassword) {
    auto& there = gateway(
        [](config::Trunk& trunk) {
            trunk.user = "alice";
            trunk.password = "secret";
            trunk.inbound.addresses.clear();
        },
        "alice");
    auto& anna = phone("101");
    there.invite(did, audio());
    anna.respond(anna.expect("INVITE "), 486);
    EXPECT_EQ(there.expect("SIP/2.0 486").status(), 486);
}

TEST_F(TrunkCalls, WhoIsNoTrunkAndProvesNothingCannotCallOutThroughUs) {
    auto& there = gateway([](config::Trunk& trunk) { trunk.inbound.addresses = {"203.0.113.7"}; });
    auto& stranger = phone("+70000000000", false);
    stranger.invite("9" + outside, audio());
    EXPECT_EQ(stranger.expect("SIP/2.0 403").status(), 403);
    EXPECT_TRUE(there.hears_nothing_of("INVITE "));
}

class Admitting : public Office {};

TEST_F(Admitting, TheRateCountsCallsOfThoseWhoProvedThemselvesNotTheirChallenges) {
    open([](config::Config& config) { config.sip.calls_per_second_limit = 2; });
    auto& boris = phone("102");
    for (const char* number : {"101", "103"}) {
        phone(number).invite("102", audio());
        EXPECT_TRUE(boris.expect("INVITE ").begins("INVITE ")) << number;
    }
    auto& late = phone("104");
    late.invite("102", audio());
    const auto refused = late.expect("SIP/2.0 503");
    EXPECT_EQ(refused.header("Retry-After"), "1");
    EXPECT_EQ(stack->legs(), 4U);
}

TEST_F(Admitting, PhonesAreReachableRightAfterARestart) {
    auto& boris = phone("102");
    ASSERT_TRUE(stack->reachable("demo.local", "102"));
    open({});
    EXPECT_TRUE(stack->reachable("demo.local", "102"));
    EXPECT_FALSE(stack->reachable("demo.local", "103"));
    auto& anna = phone("101");
    anna.invite("102", audio());
    EXPECT_TRUE(boris.expect("INVITE ").begins("INVITE sip:102@127.0.0.1"));
    anna.cancel();
    EXPECT_EQ(anna.expect("SIP/2.0 487").status(), 487);
}

}  // namespace
}  // namespace patchbay::sip
