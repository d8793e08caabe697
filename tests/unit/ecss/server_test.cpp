// The dialect behind the real server: both transports over TCP, and many clients on many threads.
#include "http/server.hpp"

#include <atomic>
#include <thread>

#include "fakes.hpp"
#include "support/http_client.hpp"

namespace patchbay::ecss {
namespace {

using testing::HttpClient;

constexpr std::string_view hold_xml =
    R"(<in><request><call_hold conversation_id="0647e2cf80d0cc01"/></request></in>)";
constexpr std::string_view hold_json =
    R"([{"_name":"in","_content":[{"_name":"request","_content":[{"_name":"call_hold","_attributes":{"conversation_id":"0647e2cf80d0cc01"}}]}]}])";

// Answers at once, on whichever thread asks.
struct QuickGateway final : call::Gateway {
    std::atomic<int> holds{0};
    void submit(call::Command command, call::Reply reply) override {
        if (std::holds_alternative<call::Hold>(command.action)) ++holds;
        reply(call::Outcome{});
    }
};

class Served : public ::testing::Test {
  protected:
    Served() {
        http::Router router;
        add_routes(router, {.gateway = gateway,
                            .feed = feed,
                            .history = history,
                            .config = [config = demo_config()] { return config; },
                            .now = [] { return Time{}; },
                            .ticks = [] { return Ticks{1}; },
                            .schemas = schema_folder()});
        config::Http settings;
        settings.listen = {"127.0.0.1", 0};
        settings.threads = 2;
        server = std::make_unique<http::Server>(settings, std::move(router));
        server->start();
    }
    HttpClient client() { return HttpClient(server->port()); }
    static std::string basic(const std::string& login) {
        return "Authorization: Basic " + base64(login + ":secret" + login) + "\r\n";
    }

    QuickGateway gateway;
    FakeReader history;
    FakeFeed feed;
    std::unique_ptr<http::Server> server;
};

TEST_F(Served, LoginCookieAndCommandOverHttp) {
    auto c = client();
    const auto login = c.ask("POST", "/demo.local/service/cc/arm/login", "Content-Type: application/xml\r\n",
                             R"(<in><request><login login="101" password="secret101"/></request></in>)");
    ASSERT_TRUE(login);
    EXPECT_EQ(login->status, 200);
    const auto set = login->header("Set-Cookie");
    const auto hold =
        c.ask("POST", "/demo.local/service/cc/arm/call_hold",
              "Content-Type: text/xml\r\nCookie: " + set.substr(0, set.find(';')) + "\r\n", hold_xml);
    ASSERT_TRUE(hold);
    EXPECT_EQ(hold->status, 200);
    EXPECT_NE(hold->body.find("<ok/>"), std::string::npos);
    EXPECT_EQ(gateway.holds, 1);
    const auto get = c.ask("GET", "/demo.local/service/cc/arm/call_hold");
    ASSERT_TRUE(get);
    EXPECT_EQ(get->status, 405);
    EXPECT_NE(get->header("Allow").find("POST"), std::string::npos);
}

TEST_F(Served, SnapshotThenAnswersOverTheWebSocket) {
    auto c = client();
    ASSERT_TRUE(c.upgrade("/demo.local/service/cc/arm", basic("101")));
    const auto snapshot = c.hear();
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(snapshot->payload.substr(12, 23), "9999conversations_event");
    c.say(request_frame("0013", "call_hold", hold_json));
    const auto answer = c.hear();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->payload.substr(0, 19), "0100000002160013200");
    c.send(HttpClient::frame(2, "binary"));
    const auto close = c.hear();
    ASSERT_TRUE(close);
    EXPECT_EQ(close->opcode, 8);
    EXPECT_EQ(close->close_code(), 1003);
}

TEST_F(Served, ManyClientsAtOnceGetEachItsAnswers) {
    constexpr int clients = 4, commands = 200;
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int n = 0; n < clients; ++n) {
        threads.emplace_back([&, n] {
            auto socket = client();
            auto plain = client();
            if (!socket.upgrade("/demo.local/service/cc/arm", basic(n % 2 == 0 ? "101" : "102"))) return;
            static_cast<void>(socket.hear());
            for (int i = 0; i < commands; ++i) {
                socket.say(request_frame(std::to_string(1000 + i), "call_hold", hold_json));
                const auto frame = socket.hear();
                const auto answer =
                    plain.ask("POST", "/demo.local/service/cc/arm/call_hold", basic("101"), hold_xml);
                if (frame && frame->payload.substr(12, 7) == std::to_string(1000 + i) + "200") ++right;
                if (answer && answer->status == 200) ++right;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(right, 2 * clients * commands);
    EXPECT_EQ(gateway.holds, 2 * clients * commands);
}

}  // namespace
}  // namespace patchbay::ecss
