#include "sip/digest.hpp"

#include <gtest/gtest.h>

#include "manual_clock.hpp"

namespace patchbay::sip {
namespace {

using V = DigestVerdict;

/// One server with one user, and a phone that answers its challenges.
class Digest : public testing::Test {
  protected:
    std::string credentials(DigestClient& phone, std::string_view uri = "sip:demo.local") {
        return phone.authorization("REGISTER", uri).value_or("");
    }
    DigestServer::Outcome check(const std::string& value, std::string_view source = "192.0.2.1") {
        const std::vector<std::string> values{value};
        return server.check({"REGISTER", "sip:demo.local", "demo.local", source}, values,
                            [](std::string_view user) {
                                return user == "101" ? std::optional<std::string>("secret") : std::nullopt;
                            });
    }
    /// A client that took a fresh challenge.
    DigestClient phone(const std::string& password = "secret", const std::string& user = "101") {
        DigestClient client(user, password);
        EXPECT_TRUE(client.take(server.challenges("demo.local")));
        return client;
    }
    V try_password(const std::string& password, std::string_view source = "192.0.2.1",
                   const std::string& user = "101") {
        DigestClient client = phone(password, user);
        return check(credentials(client), source).verdict;
    }

    ManualClock clock;
    DigestServer server{clock};
};

TEST(DigestHeader, TheExamplesOfTheRfcComeOut) {
    // RFC 7616, section 3.9.1.
    DigestCredentials example;
    example.username = "Mufasa";
    example.realm = "http-auth@example.org";
    example.nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    example.uri = "/dir/index.html";
    example.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    example.qop_auth = true;
    example.nonce_count = 1;
    EXPECT_EQ(digest_response(example, "Circle of Life", "GET"), "8ca523f5e9506fed4657c9700eebdbec");
    example.algorithm = DigestAlgorithm::sha256;
    EXPECT_EQ(digest_response(example, "Circle of Life", "GET"),
              "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TEST(DigestHeader, CredentialsAreReadHoweverTheyAreWritten) {
    const auto read = parse_credentials(
        "digest  USERNAME = \"a\\\"b\\\\c\" , realm=\"x, y\",nonce=\"n\",uri=\"sip:h\", "
        "response=\"AB\",qop=auth,"
        "nc=0000000A,cnonce=\"c\", algorithm=md5,, unknown=7 ");
    ASSERT_TRUE(read.ok()) << read.error().text;
    EXPECT_EQ(read->username, "a\"b\\c");
    EXPECT_EQ(read->realm, "x, y");
    EXPECT_EQ(read->response, "ab");
    EXPECT_EQ(read->nonce_count, 10u);
    const auto again = parse_credentials(write(*read));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->username, read->username);
    EXPECT_EQ(again->nonce_count, read->nonce_count);
}

TEST(DigestHeader, BrokenAndUnknownOnesAreToldApart) {
    const std::string good = "Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:h\", response=\"0\"";
    ASSERT_TRUE(parse_credentials(good).ok());
    for (const std::string& bad :
         {std::string("Digest"), std::string("Digest username=\"u"), good + ", username=\"twice\"",
          good + ", x", good + ", qop=auth", good + ", qop=auth, nc=0, cnonce=\"c\"",
          good + ", qop=auth, nc=zz, cnonce=\"c\"", good + ", qop=auth, nc=1ffffffff, cnonce=\"c\"",
          good + ", qop=auth, nc=00000001", good + " extra", good + ", x=\"\x01\"",
          good + ", x=\"" + std::string(5000, 'x') + "\"", good + ", x=\"\\"}) {
        const auto read = parse_credentials(bad);
        ASSERT_FALSE(read.ok()) << bad;
        EXPECT_EQ(read.error().code, "digest_malformed") << bad;
    }
    for (const std::string& foreign : {std::string("Basic abc"), good + ", algorithm=MD5-sess",
                                       good + ", qop=auth-int, nc=00000001, cnonce=\"c\""})
        EXPECT_EQ(parse_credentials(foreign).error().code, "digest_unsupported") << foreign;
}

TEST_F(Digest, TheServerOffersSha256AndThenMd5) {
    const auto values = server.challenges("demo.local");
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(parse_challenge(values[0])->algorithm, DigestAlgorithm::sha256);
    EXPECT_EQ(parse_challenge(values[1])->algorithm, DigestAlgorithm::md5);
    EXPECT_TRUE(parse_challenge(values[1])->qop_auth);
    EXPECT_FALSE(parse_challenge(values[1])->stale);
}

TEST_F(Digest, TheRightPasswordIsAcceptedWithEitherAlgorithm) {
    for (const std::size_t algorithm : {0u, 1u}) {
        DigestClient client("101", "secret");
        const std::vector<std::string> one{server.challenges("demo.local")[algorithm]};
        ASSERT_TRUE(client.take(one));
        const auto outcome = check(credentials(client));
        EXPECT_EQ(outcome.verdict, V::accepted);
        EXPECT_EQ(outcome.username, "101");
    }
}

TEST_F(Digest, AWrongPasswordAnUnknownUserAndAnotherMethodAreRefused) {
    EXPECT_EQ(try_password("wrong"), V::refused);
    EXPECT_EQ(try_password("secret", "192.0.2.1", "999"), V::refused);
    EXPECT_EQ(try_password("none", "192.0.2.1", "999"), V::refused);
    DigestClient client = phone();
    EXPECT_EQ(check(client.authorization("INVITE", "sip:demo.local").value()).verdict, V::refused);
}

TEST_F(Digest, NoCredentialsOrThoseOfAnotherRealmAskForAChallenge) {
    EXPECT_EQ(server.check({"REGISTER", "sip:demo.local", "demo.local", "1.1.1.1"}, {}, {}).verdict,
              V::absent);
    DigestClient client("101", "secret");
    ASSERT_TRUE(client.take(server.challenges("other.local")));
    EXPECT_EQ(check(credentials(client)).verdict, V::absent);
    EXPECT_EQ(check("Basic abc").verdict, V::absent);
    EXPECT_EQ(check("Digest rubbish").verdict, V::malformed);
}

TEST_F(Digest, CredentialsMadeForAnotherUriAreMalformedButPortsAndParametersMayDiffer) {
    DigestClient client = phone();
    EXPECT_EQ(check(credentials(client, "sip:elsewhere.local")).verdict, V::malformed);
    EXPECT_EQ(check(credentials(client, "sip:DEMO.local:5060;transport=udp")).verdict, V::accepted);
}

TEST_F(Digest, TheSameHeaderTwiceIsAReplay) {
    DigestClient client = phone();
    const std::string once = credentials(client);
    EXPECT_EQ(check(once).verdict, V::accepted);
    EXPECT_EQ(check(once).verdict, V::stale);
}

TEST_F(Digest, ANonceServesManyRequestsEvenWhenTheyCrossOnTheWay) {
    DigestClient client = phone();
    const std::string first = credentials(client), second = credentials(client), third = credentials(client);
    EXPECT_EQ(check(third).verdict, V::accepted);
    EXPECT_EQ(check(first).verdict, V::accepted);
    EXPECT_EQ(check(second).verdict, V::accepted);
    EXPECT_EQ(check(second).verdict, V::stale);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(check(credentials(client)).verdict, V::accepted);
    EXPECT_EQ(check(first).verdict, V::stale);
}

TEST_F(Digest, APhoneThatCountsNothingMayUseANonceOnce) {
    auto challenge = *parse_challenge(server.challenges("demo.local")[1]);
    DigestCredentials old_style;
    old_style.username = "101";
    old_style.realm = challenge.realm;
    old_style.nonce = challenge.nonce;
    old_style.uri = "sip:demo.local";
    old_style.response = digest_response(old_style, "secret", "REGISTER");
    EXPECT_EQ(check(write(old_style)).verdict, V::accepted);
    EXPECT_EQ(check(write(old_style)).verdict, V::stale);
}

TEST_F(Digest, AnOldOrForgedNonceIsStaleAndTheClientTriesOnceMore) {
    DigestClient client = phone();
    clock.advance(Seconds{601});
    EXPECT_EQ(check(credentials(client)).verdict, V::stale);
    EXPECT_FALSE(client.take(server.challenges("demo.local")));
    EXPECT_TRUE(client.take(server.challenges("demo.local", true)));
    EXPECT_EQ(check(credentials(client)).verdict, V::accepted);

    DigestServer another(clock);
    DigestClient stranger("101", "secret");
    ASSERT_TRUE(stranger.take(another.challenges("demo.local")));
    EXPECT_EQ(check(credentials(stranger)).verdict, V::stale);
}

TEST_F(Digest, AReplayIsStillKnownAfterTheTablesWereTurnedOver) {
    clock.advance(Seconds{590});
    DigestClient client = phone();
    const std::string once = credentials(client);
    EXPECT_EQ(check(once).verdict, V::accepted);
    clock.advance(Seconds{20});
    EXPECT_EQ(check(once).verdict, V::stale);
}

TEST_F(Digest, GuessingSlowsDownByUserAndSource) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(try_password("guess"), V::refused);
    EXPECT_EQ(try_password("secret"), V::throttled);
    EXPECT_EQ(try_password("secret", "192.0.2.2"), V::accepted);
    clock.advance(Seconds{1});
    EXPECT_EQ(try_password("guess"), V::refused);
    clock.advance(Seconds{1});
    EXPECT_EQ(try_password("secret"), V::throttled);
    clock.advance(Seconds{1});
    EXPECT_EQ(try_password("secret"), V::accepted);
    EXPECT_EQ(try_password("guess"), V::refused);
    EXPECT_EQ(try_password("secret"), V::accepted);
}

TEST_F(Digest, GuessingManyUsersFromOneSourceSlowsDownThatSource) {
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(try_password("guess", "192.0.2.9", std::to_string(200 + i)), V::refused);
    EXPECT_EQ(try_password("guess", "192.0.2.9", "300"), V::throttled);
    EXPECT_EQ(try_password("secret", "192.0.2.1"), V::accepted);
}

TEST(DigestClient, GivesUpWhenTheSameCredentialsAreRefused) {
    ManualClock clock;
    DigestServer server(clock);
    DigestClient client("101", "secret");
    EXPECT_FALSE(client.authorization("REGISTER", "sip:x"));
    ASSERT_TRUE(client.take(server.challenges("r")));
    ASSERT_TRUE(client.authorization("REGISTER", "sip:x"));
    EXPECT_FALSE(client.take(server.challenges("r")));
    client.accepted();
    EXPECT_TRUE(client.take(server.challenges("r")));
}

TEST(DigestClient, AnswersANewChallengeInTheMiddleOfANoncesLife) {
    ManualClock clock;
    DigestServer server(clock);
    DigestClient client("101", "secret");
    ASSERT_TRUE(client.take(server.challenges("r")));
    ASSERT_TRUE(client.authorization("REGISTER", "sip:x"));
    client.accepted();
    ASSERT_TRUE(client.authorization("REGISTER", "sip:x"));
    EXPECT_TRUE(client.take(server.challenges("r"))) << "servers forget stale=true";
    ASSERT_TRUE(client.authorization("REGISTER", "sip:x"));
    EXPECT_FALSE(client.take(server.challenges("r")));
}

TEST(DigestClient, IgnoresChallengesItCannotAnswer) {
    DigestClient client("101", "secret");
    const std::vector<std::string> none{
        "Basic realm=\"x\"", "Digest realm=\"x\", nonce=\"n\", algorithm=MD5-sess",
        "Digest realm=\"x\", nonce=\"n\", qop=\"auth-int\"", "Digest nonce=\"n\""};
    EXPECT_FALSE(client.take(none));
}

}  // namespace
}  // namespace patchbay::sip
