// The neighbours of the dialect, faked: the switch answers what a test tells it to, events come when a test
// says so, and everything is remembered.
#pragma once

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "ecss/frame.hpp"
#include "ecss/json.hpp"
#include "ecss/routes.hpp"

namespace patchbay::ecss {

inline std::filesystem::path schema_folder() {
    return std::filesystem::path(PATCHBAY_SOURCE_DIR) / "spec/ecss";
}

/// A frame as the manual of the original prints it.
inline std::string printed(const std::string& name) {
    std::ifstream file(std::string(PATCHBAY_SOURCE_DIR) + "/tests/unit/ecss/data/" + name + ".txt");
    EXPECT_TRUE(file) << name;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

/// A printed frame's JSON as it goes over the wire.
inline std::string minified(const std::string& frame) {
    const auto node = node_from_json(frame.substr(frame.find('[')));
    EXPECT_TRUE(node) << node.error().text;
    return json_from_node(*node);
}

struct FakeGateway final : call::Gateway {
    std::vector<call::Command> commands;
    Result<call::Outcome> result = call::Outcome{};
    bool hold_replies = false;
    std::vector<call::Reply> held;

    void submit(call::Command command, call::Reply reply) override {
        commands.push_back(std::move(command));
        if (hold_replies) {
            held.push_back(std::move(reply));
        } else {
            reply(result);
        }
    }
    /// The action of the only command.
    template <typename Action>
    const Action& only() const {
        EXPECT_EQ(commands.size(), 1U);
        return std::get<Action>(commands.at(0).action);
    }
};

struct FakeDesk final : acd::Gateway {
    std::vector<acd::Command> commands;
    Result<acd::Outcome> result = acd::Outcome{};
    std::weak_ptr<acd::Listener> listener;

    void submit(acd::Command command, acd::Reply reply) override {
        commands.push_back(std::move(command));
        reply(result);
    }
    void subscribe(std::string, std::uint64_t, std::weak_ptr<acd::Listener> to) override {
        listener = std::move(to);
    }
    /// The action of the only command, and none from then on.
    template <typename Action>
    Action only() {
        EXPECT_EQ(commands.size(), 1U);
        auto action = std::get<Action>(commands.at(0).action);
        commands.clear();
        return action;
    }
};

struct FakeReader final : history::Reader {
    std::vector<history::Filter> filters;
    Result<history::Page> page = history::Page{};
    history::Store* store = nullptr;  ///< what is asked in place of giving `page`

    void query(history::Filter filter, std::function<void(Result<history::Page>)> done) override {
        filters.push_back(std::move(filter));
        done(store == nullptr ? page : store->query(filters.back()));
    }
};

struct FakeFeed final : journal::Feed {
    std::vector<call::Event> events;
    journal::Consumer consumer;

    struct Ended final : journal::Subscription {
        explicit Ended(FakeFeed& feed) : feed_(feed) {}
        ~Ended() override { feed_.consumer = nullptr; }
        FakeFeed& feed_;
    };
    std::unique_ptr<journal::Subscription> subscribe(std::uint64_t after, journal::Consumer to) override {
        consumer = std::move(to);
        const auto skipped = std::min<std::size_t>(after, events.size());
        if (skipped < events.size()) consumer(std::span(events).subspan(skipped));
        return std::make_unique<Ended>(*this);
    }
    std::uint64_t newest() const override { return events.size(); }
    std::uint64_t oldest() const override { return 1; }

    /// One more event; offsets count from 1.
    std::uint64_t publish(LegId leg, call::LegState state, call::EventBody body, Time at = Time{}) {
        call::Event event;
        event.offset = events.size() + 1;
        event.at = at;
        event.call = CallRef{700};
        event.leg = leg;
        event.state = state;
        event.body = std::move(body);
        events.push_back(event);
        if (consumer) consumer(std::span(events).last(1));
        return event.offset;
    }
};

struct FakeSocket final : http::Socket {
    std::vector<std::string> sent;
    std::optional<std::uint16_t> closed;
    std::string reason;

    bool send(std::string text) override {
        sent.push_back(std::move(text));
        return !closed;
    }
    void close(std::uint16_t code, std::string_view why) override {
        closed = code;
        reason = why;
    }
};

inline config::ConfigPtr demo_config() {
    config::Domain domain;
    domain.name = "demo.local";
    domain.operators = {{"101", "Anna", "secret101", "101", "sales", false},
                        {"102", "Boris", "secret102", "102", "sales", false},
                        {"201", "Vera", "secret201", "201", "support", false},
                        {"100", "Galina", "secret100", "100", "sales", true}};
    config::Domain other;
    other.name = "other.local";
    other.operators = {{"101", "Other", "secret-other", "101", "sales", false}};
    auto config = std::make_shared<config::Config>();
    config->domains = {domain, other};
    return config;
}

/// The dialect among its faked neighbours.
class Desk : public ::testing::Test {
  protected:
    static constexpr std::uint64_t a_leg = 0x0647e2cf80d0cc01;

    FakeGateway gateway;
    FakeDesk desk;
    bool with_desk = false;
    FakeReader history;
    FakeFeed feed;
    config::ConfigPtr config = demo_config();
    Time now = *parse_date_time("2020/12/10 14:25:53", '/');
    Ticks ticks{1'000'000};
    std::filesystem::path key_file{};
    std::unique_ptr<http::Router> router = make_router();

    std::unique_ptr<http::Router> make_router() {
        auto made = std::make_unique<http::Router>();
        add_routes(*made, {.gateway = gateway,
                           .desk = with_desk ? &desk : nullptr,
                           .feed = feed,
                           .history = history,
                           .config = [this] { return config; },
                           .now = [this] { return now; },
                           .ticks = [this] { return ticks; },
                           .schemas = schema_folder(),
                           .key_file = key_file});
        return made;
    }

    static http::Headers basic(const std::string& login, const std::string& password) {
        return {{"Authorization", "Basic " + base64(login + ":" + password)}};
    }

    /// Sends a request over HTTP and gives its answer.
    http::Response post(const std::string& command, const std::string& body, http::Headers headers = {},
                        const std::string& domain = "demo.local", const std::string& remote = "127.0.0.1") {
        http::Request request;
        request.method = "POST";
        request.path = "/" + domain + "/service/cc/arm/" + command;
        request.headers = std::move(headers);
        request.body = body;
        request.remote = remote;
        const auto match = router->match(request.method, request.path);
        EXPECT_NE(match.handler, nullptr) << request.path;
        if (match.handler == nullptr) return {};
        request.parameters = match.parameters;
        std::vector<http::Response> answers;
        (*match.handler)(request, [&](http::Response answer) { answers.push_back(std::move(answer)); });
        EXPECT_EQ(answers.size(), 1U);
        return answers.empty() ? http::Response{} : answers.front();
    }

    static std::string header(const http::Response& response, const std::string& name) {
        for (const auto& [key, value] : response.headers) {
            if (key == name) return value;
        }
        return {};
    }

    /// The value to send back as Cookie.
    static std::string cookie(const http::Response& response) {
        const auto set = header(response, "Set-Cookie");
        return set.substr(0, set.find(';'));
    }

    struct Client {
        std::shared_ptr<FakeSocket> socket = std::make_shared<FakeSocket>();
        std::unique_ptr<http::SocketListener> listener;

        void send(const std::string& text) { listener->on_text(text); }
        /// The messages sent to it since the last call.
        std::vector<std::string> take() { return std::exchange(socket->sent, {}); }
    };

    Client connect(http::Headers headers = {}, const std::string& query = {}) {
        http::Request request;
        request.method = "GET";
        request.path = "/demo.local/service/cc/arm";
        request.query = query;
        request.headers = std::move(headers);
        request.remote = "127.0.0.1";
        const auto match = router->match("GET", request.path);
        EXPECT_NE(match.socket, nullptr);
        request.parameters = match.parameters;
        Client client;
        client.listener = (*match.socket)(request, client.socket);
        EXPECT_NE(client.listener, nullptr);
        return client;
    }

    static call::LegStarted started(call::LegFactsPtr with) { return {std::move(with), {}, {}}; }

    static call::LegFactsPtr facts(const std::string& operator_id, const std::string& group = "sales") {
        auto made = std::make_shared<call::LegFacts>();
        made->domain = "demo.local";
        made->number = operator_id;
        made->display_name = "Anna";
        made->operator_id = operator_id;
        made->group = group;
        made->direction = call::Direction::in;
        made->remote_number = "+79130000001";
        made->remote_display_name = "Customer";
        made->started = *parse_date_time("2020/12/10 14:20:00", '/');
        return made;
    }
};

}  // namespace patchbay::ecss
