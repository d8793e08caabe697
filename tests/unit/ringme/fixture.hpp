// Ringme's routes on a real HTTP server, before a switch that the test plays.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "http/server.hpp"
#include "ringme/call_id.hpp"
#include "ringme/routes.hpp"
#include "support/http_client.hpp"

namespace patchbay::ringme {

// Answers every command at once with what the test has set, and remembers it.
class FakeGateway final : public call::Gateway {
  public:
    void submit(call::Command command, call::Reply reply) override {
        std::unique_lock lock(mutex);
        commands.push_back(command);
        if (hold_back) {
            held.push_back(std::move(reply));
            return;
        }
        const auto result = answer;
        lock.unlock();
        reply(result);
    }

    template <typename Action>
    const Action& last() {
        const std::scoped_lock lock(mutex);
        return std::get<Action>(commands.back().action);
    }

    std::mutex mutex;
    std::vector<call::Command> commands;
    std::vector<call::Reply> held;
    bool hold_back = false;
    Result<call::Outcome> answer = call::Outcome{};
};

class RingmeTest : public ::testing::Test {
  protected:
    RingmeTest() : config(std::make_shared<config::Config>()) {
        config::Domain other;
        other.name = "other.local";
        other.extensions = {{201, "201", "Чужой", "secret201"}};
        config::Domain domain;
        domain.name = "demo.local";
        domain.prefix = "1000";
        domain.extensions = {{101, "101", "Анна", "demo101"}, {102, "102", "Boris", "demo102"}};
        domain.operators = {{"anna", "Анна", "pass-anna", "101", "sales", false},
                            {"chief", "Вера", "pass-chief", "102", "sales", true}};
        domain.applications = {{"demo", "demo-secret", "all", 1000, true},
                               {"small", "small-secret", "call_api", 3, false}};
        config->domains = {other, domain};
    }

    void SetUp() override { start(); }

    void start(const std::filesystem::path& key_file = {}) {
        server.reset();
        http::Router router;
        add_routes(router,
                   {gateway, [this] { return config; }, [this] { return Time{now.load()}; }, key_file});
        config::Http settings;
        settings.listen = {"127.0.0.1", 0};
        server = std::make_unique<http::Server>(settings, std::move(router));
        server->start();
        client = std::make_unique<testing::HttpClient>(server->port());
    }

    testing::HttpAnswer ask(std::string_view method, std::string_view target, std::string_view body = {},
                            std::string headers = {}) {
        if (!token.empty()) headers += "Authorization: Bearer " + token + "\r\n";
        const auto answer = client->ask(method, target, headers, body);
        EXPECT_TRUE(answer) << method << ' ' << target;
        return answer.value_or(testing::HttpAnswer{});
    }

    testing::HttpAnswer ask_token(std::string_view form, std::string_view headers = {}) {
        return *client->ask(
            "POST", "/oauth/token",
            std::string("Content-Type: application/x-www-form-urlencoded\r\n").append(headers), form);
    }

    void log_in(
        std::string_view form = "grant_type=client_credentials&client_id=demo&client_secret=demo-secret") {
        token = json(ask_token(form)).at("access_token").as_string().c_str();
    }

    static boost::json::object json(const testing::HttpAnswer& answer) {
        boost::json::error_code ec;
        const auto value = boost::json::parse(answer.body, ec);
        EXPECT_FALSE(ec) << answer.body;
        return value.is_object() ? value.as_object() : boost::json::object{};
    }

    // 101 talks with the customer +73832001020, who called 101.
    static call::LegView sample_leg() {
        auto facts = std::make_shared<call::LegFacts>();
        facts->domain = "demo.local";
        facts->number = "101";
        facts->display_name = "Анна";
        facts->direction = call::Direction::in;
        facts->called_number = "101";
        facts->called_did = "+73832001010";
        facts->remote_number = "+73832001020";
        facts->remote_display_name = "Customer";
        facts->started = *parse_date_time("2026-11-20 10:00:05", '-');
        call::LegView leg;
        leg.id = LegId{0x0123456789abcdefU};
        leg.call = CallRef{4711};
        leg.facts = facts;
        leg.state = call::LegState::connected;
        leg.other = LegId{77};
        leg.answered = facts->started + Seconds{7};
        return leg;
    }

    static std::string call_path(LegId leg = sample_leg().id, int extension = 101) {
        return "/api/ver1.0/extension/" + std::to_string(extension) + "/current_calls/" + call_api_id(leg);
    }

    testing::HttpAnswer put(std::string_view body, std::string headers = {}) {
        return ask("PUT", call_path(), body, headers + "Content-Type: application/json\r\n");
    }

    std::atomic<Milliseconds> now{parse_date_time("2026-11-20 12:00:00", '-')->time_since_epoch()};
    std::shared_ptr<config::Config> config;
    FakeGateway gateway;
    std::unique_ptr<http::Server> server;
    std::unique_ptr<testing::HttpClient> client;
    std::string token;
};

}  // namespace patchbay::ringme
