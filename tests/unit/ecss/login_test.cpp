// Who may ask: passwords, cookies, sessions and their ends.
#include <set>

#include <fmt/format.h>

#include "fakes.hpp"

namespace patchbay::ecss {
namespace {

class Login : public Desk {
  protected:
    static std::string request(const std::string& login, const std::string& password,
                               const std::string& more = {}) {
        return fmt::format(R"(<in><request><login login="{}" password="{}" {}/></request></in>)", login,
                           password, more);
    }
    http::Response hold(http::Headers headers, const std::string& domain = "demo.local") {
        return post("call_hold",
                    R"(<in><request><call_hold conversation_id="0647e2cf80d0cc01"/></request></in>)",
                    std::move(headers), domain);
    }
};

TEST_F(Login, GivesACookieThatIsEnough) {
    const auto answer = post("login", request("101", "secret101"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body,
              "<out xmlns:xs=\"http://www.w3.org/2001/XMLSchema-instance\" "
              "xs:noNamespaceSchemaLocation=\"login.xsd\">"
              "<response><login agent_id=\"101\" supervisor=\"false\" "
              "auto_logout_timeout=\"1800\"/></response></out>");
    const auto set = header(answer, "Set-Cookie");
    EXPECT_NE(set.find("; Path=/demo.local/service/cc/arm; HttpOnly; SameSite=Strict"), std::string::npos)
        << set;
    EXPECT_EQ(cookie(answer).size(), std::string("patchbay_ecss=").size() + 32);
    EXPECT_EQ(hold({{"Cookie", "theme=dark; " + cookie(answer)}}).status, 200);
    EXPECT_TRUE(gateway.commands.at(0).scope.operator_id == "101");
}

TEST_F(Login, SaysWhoIsSupervisor) {
    EXPECT_NE(post("login", request("100", "secret100")).body.find(R"(supervisor="true")"),
              std::string::npos);
}

TEST_F(Login, WrongPasswordAndUnknownOperatorAreTheSame) {
    for (const auto& login : {std::pair{"101", "secret102"}, {"999", "secret101"}, {"101", ""}, {"", ""}}) {
        const auto answer = post("login", request(login.first, login.second));
        EXPECT_EQ(answer.status, 401);
        EXPECT_NE(answer.body.find(
                      R"(<error cmd="login" reason="not_authorized" body="Invalid login or password."/>)"),
                  std::string::npos);
        EXPECT_EQ(header(answer, "Set-Cookie"), "");
        EXPECT_EQ(header(answer, "WWW-Authenticate"), "Basic realm=\"demo.local\", charset=\"UTF-8\"");
    }
}

TEST_F(Login, WithANumberSeatsTheOperatorThere) {
    EXPECT_EQ(post("login", request("101", "secret101", R"(number="105" websocket_control="true")")).status,
              200);
    EXPECT_EQ(gateway.only<call::Seat>().operator_id, "101");
    EXPECT_EQ(gateway.only<call::Seat>().number, "105");
}

TEST_F(Login, ToANumberThatIsNoneIsRefusedWithTheReason) {
    gateway.result = Error{std::string(call::refusal::no_such_number), "There is no extension 999."};
    const auto answer = post("login", request("101", "secret101", R"(number="999")"));
    EXPECT_EQ(answer.status, 403);
    EXPECT_NE(answer.body.find(R"(reason="cannot_perform_cmd" body="There is no extension 999.")"),
              std::string::npos);
    EXPECT_EQ(header(answer, "Set-Cookie"), "");
}

TEST_F(Login, WithoutOneNothingIsDone) {
    for (const auto& headers : {http::Headers{},
                                {{"Cookie", "patchbay_ecss=00000000000000000000000000000000"}},
                                {{"Cookie", "patchbay_ecss="}},
                                {{"Authorization", "Bearer x"}},
                                {{"Authorization", "Basic !"}},
                                {{"Authorization", "Basic MTAx"}},
                                basic("101", "wrong")}) {
        EXPECT_EQ(hold(headers).status, 401);
    }
    EXPECT_TRUE(gateway.commands.empty());
}

TEST_F(Login, BasicPasswordMayHoldColons) {
    auto changed = std::make_shared<config::Config>(*config);
    changed->domains[0].operators[0].password = "a:b:c";
    config = changed;
    EXPECT_EQ(hold(basic("101", "a:b:c")).status, 200);
}

TEST_F(Login, CookieOfOneDomainIsNothingInAnother) {
    const auto answer = post("login", request("101", "secret101"));
    EXPECT_EQ(hold({{"Cookie", cookie(answer)}}, "other.local").status, 401);
}

TEST_F(Login, LogoutEndsTheCookie) {
    const http::Headers headers{{"Cookie", cookie(post("login", request("101", "secret101")))}};
    const auto answer = post("logout", "<in><request><logout/></request></in>", headers);
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(header(answer, "Set-Cookie").find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(hold(headers).status, 401);
}

TEST_F(Login, IdleSessionEndsAndAUsedOneLives) {
    const http::Headers headers{{"Cookie", cookie(post("login", request("101", "secret101")))}};
    for (int i = 0; i < 3; ++i) {
        ticks += Seconds{1799};
        EXPECT_EQ(hold(headers).status, 200);
    }
    ticks += Seconds{1800};
    EXPECT_EQ(hold(headers).status, 401);
}

TEST_F(Login, OperatorWhoIsRemovedFromTheConfigurationIsOut) {
    const http::Headers headers{{"Cookie", cookie(post("login", request("101", "secret101")))}};
    auto changed = std::make_shared<config::Config>(*config);
    std::erase_if(changed->domains[0].operators, [](const auto& person) { return person.id == "101"; });
    config = changed;
    EXPECT_EQ(hold(headers).status, 401);
}

TEST_F(Login, ManyLoginsOfOneOperatorEndTheOldest) {
    std::vector<std::string> cookies;
    for (int i = 0; i < 17; ++i) cookies.push_back(cookie(post("login", request("101", "secret101"))));
    EXPECT_EQ(std::set(cookies.begin(), cookies.end()).size(), cookies.size());
    EXPECT_EQ(hold({{"Cookie", cookies.front()}}).status, 401);
    EXPECT_EQ(hold({{"Cookie", cookies.at(1)}}).status, 200);
    EXPECT_EQ(hold({{"Cookie", cookies.back()}}).status, 200);
}

TEST_F(Login, GuessingIsSlowedDownForThatAddressAndLoginOnly) {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(hold(basic("101", "wrong")).status, 401);
    const auto answer = hold(basic("101", "secret101"));
    EXPECT_EQ(answer.status, 429);
    EXPECT_NE(answer.body.find(R"(reason="too_many_attempts")"), std::string::npos);
    EXPECT_EQ(header(answer, "Retry-After"), "60");
    EXPECT_EQ(hold(basic("102", "secret102")).status, 200);
    EXPECT_EQ(
        post("logout", "<in><request/></in>", basic("101", "secret101"), "demo.local", "127.0.0.2").status,
        200);
    ticks += Seconds{60};
    EXPECT_EQ(hold(basic("101", "secret101")).status, 200);
}

TEST_F(Login, GuessingManyLoginsIsSlowedDownForTheAddress) {
    for (int i = 0; i < 100; ++i) EXPECT_EQ(hold(basic(fmt::format("guess{}", i), "wrong")).status, 401);
    EXPECT_EQ(hold(basic("102", "secret102")).status, 429);
}

}  // namespace
}  // namespace patchbay::ecss
