#include "sip/trunks.hpp"

#include <memory>

#include <gtest/gtest.h>

#include "agent_pair.hpp"
#include "manual_clock.hpp"
#include "sip/location.hpp"
#include "sip/registrar.hpp"

namespace patchbay::sip {
namespace {

config::Trunk provider() {
    config::Trunk trunk;
    trunk.name = "provider";
    trunk.host = "203.0.113.7";
    trunk.user = "alice";
    trunk.password = "secret";
    trunk.inbound = {{"203.0.113.7", "203.0.113.8"}, {{"+73830000001", "101"}}};
    return trunk;
}

config::Config with(const config::Trunk& trunk) {
    config::Config config;
    config::Domain domain;
    domain.name = "demo.local";
    domain.extensions = {{101, "101", "Anna", "x"}};
    domain.trunks = {trunk};
    config.domains = {domain};
    return config;
}

config::ConfigPtr shared(const config::Config& config) {
    return std::make_shared<const config::Config>(config);
}

class TrunksTest : public AgentPair {
  protected:
    std::optional<Trunks::Match> from(const std::string& address, std::uint16_t port,
                                      std::string_view from_user, std::string_view from_host,
                                      std::string_view dialled = "+73830000001") {
        const Flow source{"udp", {address, port}};
        return trunks.identify({source, from_user, from_host, dialled, "+73830000002"});
    }
    /// Runs the trunks' timers as if that time had passed.
    void pass(Milliseconds time) {
        manual.advance(time);
        trunk_timers.run_due();
    }

    ManualClock manual;
    Timers trunk_timers{manual};
    Trunks trunks{server, trunk_timers};
};

TEST_F(TrunksTest, ACallFromATrunksAddressIsTheTrunks) {
    trunks.set_config(shared(with(provider())));
    const auto match = from("203.0.113.8", 34567, "+79130000000", "provider.example");
    ASSERT_TRUE(match);
    EXPECT_EQ(match->domain, "demo.local");
    EXPECT_EQ(match->trunk, "provider");
    EXPECT_EQ(match->dialled, "+73830000001");
    EXPECT_TRUE(match->trusted);
    EXPECT_FALSE(from("203.0.113.9", 5060, "+79130000000", "provider.example"));
}

TEST_F(TrunksTest, WhoClaimsToBeOurExtensionMustProveItEvenAtATrunksAddress) {
    trunks.set_config(shared(with(provider())));
    EXPECT_FALSE(from("203.0.113.7", 40000, "101", "demo.local"));
    EXPECT_FALSE(from("203.0.113.7", 40000, "101", "127.0.0.1"));
    EXPECT_FALSE(from("203.0.113.7", 40000, "%3101", "DEMO.local"));
    EXPECT_TRUE(from("203.0.113.7", 40000, "101", "provider.example"));
    EXPECT_TRUE(from("203.0.113.7", 5060, "101", "demo.local")) << "the trunk's own port is the trunk";
}

TEST_F(TrunksTest, ACallToOurContactIsForTheNumberInTo) {
    trunks.set_config(shared(with(provider())));
    EXPECT_EQ(from("203.0.113.7", 5060, "+7913", "x", "alice")->dialled, "+73830000002");
    EXPECT_EQ(from("203.0.113.7", 5060, "+7913", "x", "")->dialled, "+73830000002");
    EXPECT_EQ(from("203.0.113.7", 5060, "+7913", "x", "%2B7383")->dialled, "+7383");
}

TEST_F(TrunksTest, TheNumberCalledTellsTwoDomainsOfOneProviderApart) {
    auto config = with(provider());
    config.domains.push_back(config.domains[0]);
    config.domains[1].name = "other.local";
    config.domains[1].trunks[0].inbound.numbers = {{"+73830000009", "101"}};
    trunks.set_config(shared(config));
    EXPECT_EQ(from("203.0.113.7", 5060, "+7913", "x")->domain, "demo.local");
    EXPECT_EQ(from("203.0.113.7", 5060, "+7913", "x", "+73830000009")->domain, "other.local");
}

TEST_F(TrunksTest, ATargetIsWrittenForItsTransport) {
    auto trunk = provider();
    trunks.set_config(shared(with(trunk)));
    EXPECT_EQ(trunks.target("demo.local", "provider", "+7 913#")->request_uri,
              "sip:+7%20913%23@203.0.113.7:5060");
    EXPECT_TRUE(trunks.target("demo.local", "provider", "1")->credentials);
    EXPECT_FALSE(trunks.target("demo.local", "nobody", "1"));
    EXPECT_FALSE(trunks.target("nowhere", "provider", "1"));
    trunk.host = "sip.example.net";
    trunk.transport = "tcp";
    trunk.user.clear();
    trunks.set_config(shared(with(trunk)));
    const auto target = trunks.target("demo.local", "provider", "5");
    EXPECT_EQ(target->request_uri, "sip:5@sip.example.net;transport=tcp");
    EXPECT_FALSE(target->credentials);
}

/// The peer is a registrar, our server a phone of it.
class RegisteringTrunk : public TrunksTest {
  protected:
    RegisteringTrunk() {
        auto config = std::make_shared<config::Config>();
        config::Domain domain;
        domain.name = "provider";
        domain.extensions = {{1, "alice", "Us", "secret"}};
        config->domains = {domain};
        config->sip.min_expires = Seconds{700};
        config->sip.max_expires = Seconds{1000};
        registrar.set_config(config);
    }
    config::Trunk there(const std::string& transport = "udp", const std::string& password = "secret") {
        config::Trunk trunk = provider();
        trunk.host = "127.0.0.1";
        trunk.port = peer.bound(transport)->port;
        trunk.transport = transport;
        trunk.password = password;
        trunk.register_ = true;
        return trunk;
    }
    void reach(RegistrationState state) {
        pass(Milliseconds{0});
        until([&] { return trunks.state("demo.local", "provider") == state; });
    }
    const Binding& binding() { return location.bindings("alice@provider").at(0); }

    Location location{clock, timers};
    DigestServer digest{clock};
    Registrar registrar{peer, location, digest, clock};
};

TEST_F(RegisteringTrunk, WeRegisterWithThePasswordAndTheIntervalItWants) {
    trunks.set_config(shared(with(there())));
    reach(RegistrationState::registered);
    EXPECT_EQ(binding().contact, server.contact("alice", "udp"));
    EXPECT_GT(binding().expires - clock.now(), Seconds{600});
}

TEST_F(RegisteringTrunk, OverTcpAndTlsToo) {
    for (const std::string transport : {"tcp", "tls"}) {
        trunks.set_config(shared(with(there(transport))));
        reach(RegistrationState::registered);
        EXPECT_EQ(binding().flow.transport, transport);
    }
}

TEST_F(RegisteringTrunk, ItIsRefreshedBeforeItExpires) {
    trunks.set_config(shared(with(there())));
    reach(RegistrationState::registered);
    const auto version = location.version();
    pass(Seconds{699} * 4 / 5);
    EXPECT_EQ(location.version(), version);
    pass(Seconds{2});
    until([&] { return location.version() > version; });
    EXPECT_EQ(trunks.state("demo.local", "provider"), RegistrationState::registered);
}

TEST_F(RegisteringTrunk, ARefusedPasswordIsTriedAgainOnlyAfterPausesThatGrow) {
    trunks.set_config(shared(with(there("udp", "wrong"))));
    reach(RegistrationState::failed);
    const auto asked = [&] { return peer.counts().received_requests; };
    std::size_t before = asked();
    pass(Milliseconds{4999});
    EXPECT_EQ(trunk_timers.size(), 1u);
    pass(Milliseconds{1});
    until([&] { return asked() >= before + 1 && trunk_timers.size() == 1; });
    before = asked();
    pass(Milliseconds{9999});
    loop.step(Milliseconds{20});
    EXPECT_EQ(asked(), before);
    pass(Milliseconds{1});
    until([&] { return asked() > before; });
}

TEST_F(RegisteringTrunk, TheEndTakesTheRegistrationBack) {
    trunks.set_config(shared(with(there())));
    reach(RegistrationState::registered);
    ASSERT_TRUE(location.reachable("alice@provider"));
    trunks.stop();
    until([&] { return trunks.stopping() == 0; });
    EXPECT_FALSE(location.reachable("alice@provider"));
    EXPECT_EQ(trunk_timers.size(), 0u);
}

TEST_F(RegisteringTrunk, AReloadKeepsWhatIsUnchangedAndLeavesWhatIsGone) {
    trunks.set_config(shared(with(there())));
    reach(RegistrationState::registered);
    const auto version = location.version();
    auto config = with(there());
    config.domains[0].trunks[0].outbound = {{"9", 1, ""}};
    trunks.set_config(shared(config));
    EXPECT_EQ(trunks.state("demo.local", "provider"), RegistrationState::registered);
    EXPECT_EQ(location.version(), version);
    config.domains[0].trunks.clear();
    trunks.set_config(shared(config));
    until([&] { return trunks.stopping() == 0; });
    EXPECT_FALSE(location.reachable("alice@provider"));
}

}  // namespace
}  // namespace patchbay::sip
