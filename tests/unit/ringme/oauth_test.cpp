#include <filesystem>

#include "base/base64.hpp"
#include "fixture.hpp"

namespace patchbay::ringme {
namespace {

constexpr auto list = "/extension/101/current_calls/";

TEST_F(RingmeTest, credentials_of_an_application_give_a_token) {
    const auto answer = ask_token("grant_type=client_credentials&client_id=demo&client_secret=demo-secret");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    const auto body = json(answer);
    EXPECT_EQ(body.at("token_type"), "Bearer");
    EXPECT_EQ(body.at("expires_in"), 3600);
    EXPECT_EQ(body.at("scope"), "all");
    token = body.at("access_token").as_string().c_str();
    EXPECT_EQ(ask("GET", list).status, 200);
}

TEST_F(RingmeTest, basic_authentication_names_the_client_too) {
    const auto answer = ask_token("grant_type=client_credentials",
                                  "Authorization: Basic " + base64("demo:demo-secret") + "\r\n");
    EXPECT_EQ(answer.status, 200);
}

TEST_F(RingmeTest, wrong_token_requests_are_told_why) {
    EXPECT_EQ(ask_token("grant_type=client_credentials&client_id=demo&client_secret=wrong").status, 401);
    EXPECT_EQ(json(ask_token("grant_type=client_credentials&client_id=nobody&client_secret=x")).at("error"),
              "invalid_client");
    EXPECT_EQ(ask_token("client_id=demo").status, 400);
    EXPECT_EQ(json(ask_token("grant_type=magic")).at("status"), "unsupported_grant_type");
    EXPECT_EQ(ask_token("grant_type=client_credentials&client_id=small&client_secret=small-secret&scope=all")
                  .status,
              400);
    EXPECT_EQ(client->ask("POST", "/oauth/token", "Content-Type: application/json\r\n", "{}")->status, 415);
}

TEST_F(RingmeTest, one_address_cannot_guess_for_ever) {
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(ask_token("grant_type=client_credentials&client_id=demo&client_secret=guess").status, 401);
    }
    EXPECT_EQ(ask_token("grant_type=client_credentials&client_id=demo&client_secret=demo-secret").status,
              429);
    now.store(now.load() + std::chrono::hours{1});
    EXPECT_EQ(ask_token("grant_type=client_credentials&client_id=demo&client_secret=demo-secret").status,
              200);
}

TEST_F(RingmeTest, a_user_logs_in_by_password_and_sees_their_own_extension) {
    for (const auto* user : {"101", "101%40demo.local", "1000*101"}) {
        const auto secret = std::string("&password=demo101");
        log_in("grant_type=password&client_id=demo&client_secret=demo-secret&username=" + std::string(user) +
               secret);
        EXPECT_EQ(ask("GET", list).status, 200) << user;
        EXPECT_EQ(ask("GET", "/extension/102/current_calls/").status, 403) << user;
    }
    log_in("grant_type=password&username=chief%40demo.local&password=pass-chief");
    EXPECT_EQ(ask("GET", list).status, 200) << "a supervisor sees all";
    for (const auto* wrong :
         {"username=101&password=demo101", "username=101%40demo.local&password=demo102",
          "username=101%40other.local&password=demo101", "username=ghost%40demo.local&password="}) {
        EXPECT_EQ(ask_token(std::string("grant_type=password&") + wrong).status, 401) << wrong;
    }
}

TEST_F(RingmeTest, without_a_good_token_nothing_is_shown) {
    EXPECT_EQ(ask("GET", list).status, 401);
    EXPECT_EQ(ask("GET", list).header("WWW-Authenticate"), "Bearer realm=\"patchbay\"");
    token = "rubbish";
    EXPECT_EQ(json(ask("GET", list)).at("status"), "invalid_token");
    log_in();
    auto bytes = *from_base64(token);
    for (const std::size_t at : {std::size_t{0}, bytes.size() - 1, bytes.size() / 2}) {
        auto changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        token = base64(changed);
        EXPECT_EQ(ask("GET", list).status, 401) << at;
    }
    EXPECT_TRUE(gateway.commands.empty());
}

TEST_F(RingmeTest, a_token_ends_after_an_hour) {
    log_in();
    now.store(now.load() + Seconds{3599});
    EXPECT_EQ(ask("GET", list).status, 200);
    now.store(now.load() + Seconds{1});
    EXPECT_EQ(ask("GET", list).status, 401);
}

TEST_F(RingmeTest, a_token_ends_with_the_secret_it_was_given_for) {
    log_in();
    auto changed = std::make_shared<config::Config>(*config);
    changed->domains[1].applications[0].secret = "new-secret";
    server->stop();
    config = changed;
    const auto old_token = token;
    const auto folder =
        std::filesystem::temp_directory_path() / ("patchbay_ringme_" + std::to_string(::getpid()));
    start(folder / "key");
    token = old_token;
    EXPECT_EQ(ask("GET", list).status, 401);
    std::filesystem::remove_all(folder);
}

TEST_F(RingmeTest, a_token_survives_a_restart) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("patchbay_ringme_" + std::to_string(::getpid()));
    start(folder / "data" / "key");
    log_in();
    start(folder / "data" / "key");
    EXPECT_EQ(ask("GET", list).status, 200);
    const auto mode = std::filesystem::status(folder / "data" / "key").permissions();
    EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::remove_all(folder);
    start();
    EXPECT_EQ(ask("GET", list).status, 401) << "another key";
}

TEST_F(RingmeTest, a_key_file_that_cannot_be_made_is_told_at_start) {
    http::Router router;
    EXPECT_THROW(
        add_routes(router, {gateway, [this] { return config; }, [] { return Time{}; }, "/proc/none/key"}),
        std::exception);
}

TEST_F(RingmeTest, the_hours_requests_are_counted_and_end) {
    log_in("grant_type=client_credentials&client_id=small&client_secret=small-secret");
    for (const auto* remaining : {"2", "1"}) {
        const auto answer = ask("GET", list);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.header("X-RateLimit-Limit"), "3");
        EXPECT_EQ(answer.header("X-RateLimit-Remaining"), remaining);
        const auto reset = std::chrono::duration_cast<Seconds>(now.load()).count() + 3600;
        EXPECT_EQ(answer.header("X-RateLimit-Reset"), std::to_string(reset));
    }
    EXPECT_EQ(ask("GET", "/extension/999/current_calls/").header("X-RateLimit-Remaining"), "0")
        << "errors count";
    const auto over = ask("GET", list);
    EXPECT_EQ(over.status, 429);
    EXPECT_EQ(json(over).at("status"), "rate_limit_exceeded");
    EXPECT_EQ(over.header("X-RateLimit-Remaining"), "0");
    EXPECT_EQ(over.header("Retry-After"), "3600");
    now.store(now.load() + std::chrono::hours{1});
    log_in("grant_type=client_credentials&client_id=small&client_secret=small-secret");
    EXPECT_EQ(ask("GET", list).status, 200);
}

}  // namespace
}  // namespace patchbay::ringme
