#include "sip/registrar.hpp"

#include <gtest/gtest.h>

#include "agent_pair.hpp"
#include "base/metrics.hpp"

namespace patchbay::sip {
namespace {

config::ConfigPtr demo() {
    config::Config config;
    config::Domain domain;
    domain.name = "demo.local";
    domain.extensions = {{101, "101", "Anna", "secret101"}, {102, "102", "Boris", "secret102"}};
    config.domains.push_back(domain);
    config.sip.min_expires = Seconds{60};
    config.sip.max_expires = Seconds{600};
    return std::make_shared<const config::Config>(config);
}

class RegistrarTest : public AgentPair {
  protected:
    RegistrarTest() { registrar.set_config(demo()); }

    /// One REGISTER without the answer to a challenge.
    Reply send_once(std::vector<Header> headers) {
        Reply reply;
        Sending sending;
        sending.method = "REGISTER";
        sending.uri = "sip:demo.local";
        sending.route = server_uri(transport);
        sending.from = "<sip:" + number + "@" + host + ">;tag=t";
        sending.to = "<sip:" + number + "@" + host + ">";
        sending.call_id = "call-of-" + number;
        sending.cseq = ++cseq;
        sending.headers = std::move(headers);
        const auto request = peer.send(sending, [&](const Response& response) { reply = kept(response); });
        EXPECT_TRUE(request);
        until([&] { return reply.status != 0; });
        return reply;
    }
    /// REGISTER as a phone does it, with the challenge answered.
    Reply send(std::vector<Header> headers, const std::string& password = "secret101") {
        Reply reply = send_once(headers);
        DigestClient phone(number, password);
        if (reply.status != 401 || !phone.take(reply.challenges)) return reply;
        headers.push_back({"Authorization", *phone.authorization("REGISTER", "sip:demo.local")});
        return send_once(std::move(headers));
    }
    static Header contact(const std::string& value = "<sip:101@127.0.0.1:4000>") {
        return {"Contact", value};
    }

    Location location{clock, timers};
    DigestServer digest{clock};
    Registrar registrar{server, location, digest, clock};
    std::string number = "101", host = "demo.local", transport = "udp";
    std::uint32_t cseq = 0;
    const std::string record = "101@demo.local";
};

TEST_F(RegistrarTest, APhoneIsChallengedAndThenReachable) {
    EXPECT_EQ(send_once({contact()}).status, 401);
    EXPECT_FALSE(location.reachable(record));
    const Reply reply = send({contact(), {"Expires", "300"}});
    ASSERT_EQ(reply.status, 200);
    ASSERT_EQ(reply.contacts.size(), 1u);
    EXPECT_NE(reply.contacts[0].find("<sip:101@127.0.0.1:4000>;expires=300"), std::string::npos)
        << reply.contacts[0];
    ASSERT_TRUE(location.reachable(record));
    const Binding& binding = location.bindings(record)[0];
    EXPECT_EQ(binding.flow, (Flow{"udp", *peer.bound("udp")}));
    EXPECT_EQ(binding.contact, "sip:101@127.0.0.1:4000");
}

TEST_F(RegistrarTest, ItWorksOverTcpToo) {
    transport = "tcp";
    ASSERT_EQ(send({contact("<sip:101@127.0.0.1:4000;transport=tcp>")}).status, 200);
    EXPECT_EQ(location.bindings(record)[0].flow.transport, "tcp");
}

TEST_F(RegistrarTest, AndOverTlsWithTheCertificateGiven) {
    transport = "tls";
    ASSERT_EQ(send({contact("<sip:101@127.0.0.1:4000;transport=tls>")}).status, 200);
    EXPECT_EQ(location.bindings(record)[0].flow.transport, "tls");
}

TEST_F(RegistrarTest, SeveralPhonesOfOneNumberAreAllListed) {
    ASSERT_EQ(send({contact("<sip:101@127.0.0.1:4000>;q=0.5;+sip.instance=\"<urn:uuid:1>\"")}).status, 200);
    const Reply reply = send({contact("<sip:101@127.0.0.1:4002>")});
    ASSERT_EQ(reply.contacts.size(), 2u);
    EXPECT_NE(reply.contacts[0].find("4002"), std::string::npos);
    EXPECT_NE(reply.contacts[1].find("q=0.500"), std::string::npos);
    EXPECT_NE(reply.contacts[1].find("+sip.instance=\"<urn:uuid:1>\""), std::string::npos);
    EXPECT_EQ(send({}).contacts.size(), 2u) << "a REGISTER without Contact asks only";
}

TEST_F(RegistrarTest, TheMetricSaysHowManyNumbersAreReachable) {
    const auto reads = [](const std::string& count) {
        return metrics::exposition().find("patchbay_sip_registered_numbers " + count) != std::string::npos;
    };
    ASSERT_EQ(send({contact()}).status, 200);
    EXPECT_TRUE(reads("1"));
    location.drop(record);
    EXPECT_TRUE(reads("0")) << "whoever removed it";
}

TEST_F(RegistrarTest, UnregisteringOneOrAllIsConfirmed) {
    ASSERT_EQ(send({contact("<sip:a@h>, <sip:b@h>")}).contacts.size(), 2u);
    EXPECT_EQ(send({contact("<sip:a@h>;expires=0")}).contacts.size(), 1u);
    const Reply reply = send({contact("*"), {"Expires", "0"}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_TRUE(reply.contacts.empty());
    EXPECT_FALSE(location.reachable(record));
}

TEST_F(RegistrarTest, TooShortIsRefusedTooLongIsShortened) {
    const Reply brief = send({contact(), {"Expires", "59"}});
    EXPECT_EQ(brief.status, 423);
    EXPECT_EQ(brief.min_expires, "60");
    const Reply lengthy = send({contact(), {"Expires", "9999999"}});
    ASSERT_EQ(lengthy.status, 200);
    EXPECT_NE(lengthy.contacts[0].find("expires=600"), std::string::npos);
}

TEST_F(RegistrarTest, WrongPasswordsUnknownUsersAndOtherNumbersAreRefused) {
    EXPECT_EQ(send({contact()}, "wrong").status, 403);
    number = "999";
    EXPECT_EQ(send({contact()}).status, 403);
    number = "101";
    const Reply challenged = send_once({contact()});
    DigestClient other("102", "secret102");
    ASSERT_TRUE(other.take(challenged.challenges));
    EXPECT_EQ(
        send_once({contact(), {"Authorization", *other.authorization("REGISTER", "sip:demo.local")}}).status,
        403);
    EXPECT_EQ(location.size(), 0u);
}

TEST_F(RegistrarTest, GuessersAreToldToWait) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(send({contact()}, "guess").status, 403);
    const Reply reply = send({contact()});
    EXPECT_EQ(reply.status, 403);
    EXPECT_FALSE(reply.retry_after.empty());
}

TEST_F(RegistrarTest, AnotherDomainIsNotServedButOurAddressStandsForIt) {
    host = "elsewhere.local";
    EXPECT_EQ(send({contact()}).status, 404);
    host = "127.0.0.1";
    EXPECT_EQ(send({contact()}).status, 200);
    EXPECT_TRUE(location.reachable(record));
}

TEST_F(RegistrarTest, WhatItMakesNoSenseOfIsRefusedWithAReason) {
    const Reply reply = send_once({contact(), {"Require", "gruu"}});
    EXPECT_EQ(reply.status, 420);
    EXPECT_EQ(reply.unsupported, "gruu");
    EXPECT_EQ(send({contact("*")}).status, 400);
    EXPECT_EQ(send({contact("<http://h>")}).status, 400);
    EXPECT_EQ(send_once({contact(), {"Authorization", "Digest rubbish"}}).status, 400);
}

TEST_F(RegistrarTest, ExtensionsTakenOutOfTheConfigurationAreForgotten) {
    ASSERT_EQ(send({contact()}).status, 200);
    auto changed = *demo();
    changed.domains[0].extensions.erase(changed.domains[0].extensions.begin());
    registrar.set_config(std::make_shared<const config::Config>(changed));
    EXPECT_FALSE(location.reachable(record));
}

TEST(ReadContacts, ExpiryComesFromTheContactThenTheHeaderThenTheLimit) {
    config::Sip limits;
    const std::vector<std::string> contacts{"<sip:a@h>;expires=100", "<sip:b@h>"};
    const auto read = read_contacts(contacts, "200", limits);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->changes[0].expires, Seconds{100});
    EXPECT_EQ(read->changes[1].expires, Seconds{200});
    EXPECT_EQ(read_contacts(contacts, "", limits)->changes[1].expires, limits.max_expires);
    EXPECT_EQ(read_contacts(contacts, "soon", limits)->changes[1].expires, limits.max_expires);
    EXPECT_EQ(read_contacts(contacts, "0", limits)->changes[1].expires, Seconds{0});
}

TEST(ReadContacts, QIsReadInThousandths) {
    const auto q = [](const std::string& text) {
        return read_contacts({"<sip:a@h>;q=" + text}, "", config::Sip{})->changes[0].q;
    };
    EXPECT_EQ(q("0.5"), 500);
    EXPECT_EQ(q("0"), 0);
    EXPECT_EQ(q("0.125"), 125);
    EXPECT_EQ(q("1.0"), 1000);
    EXPECT_EQ(q("1.9"), 1000);
    EXPECT_EQ(q("x"), 1000);
    EXPECT_EQ(q("0.12345678901234"), 123);
}

}  // namespace
}  // namespace patchbay::sip
