// A server with routes that answer now, later, never, and at length; and a WebSocket that echoes.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/metrics.hpp"
#include "http/server.hpp"
#include "support/http_client.hpp"
#include "support/wait.hpp"

namespace patchbay::http {

// Echoes; knows a few words.
class EchoListener final : public SocketListener {
  public:
    EchoListener(SocketPtr socket, std::atomic<int>& closed) : socket_(std::move(socket)), closed_(closed) {}
    void on_text(std::string_view message) override {
        if (message == "close") return socket_->close(4001, "as you wish");
        if (message == "throw") throw std::runtime_error("asked for");
        if (message.starts_with("flood ")) {
            const auto count = to_number(message.substr(6)).value_or(0);
            bool taken = true;
            for (int i = 0; i < count && taken; ++i) taken = socket_->send(std::string(64 * 1024, 'x'));
            return;
        }
        socket_->send(std::string(message));
    }
    void on_binary(std::string_view /*message*/) override { socket_->close(1003, "text only"); }
    void on_close() override { ++closed_; }

  private:
    SocketPtr socket_;
    std::atomic<int>& closed_;
};

class ServerTest : public ::testing::Test {
  protected:
    ServerTest() {
        settings.listen = {"127.0.0.1", 0};
        settings.max_header = 2048;
        settings.max_body = 4096;
        limits.check_every = Milliseconds{10};
        limits.close_timeout = Milliseconds{200};
    }
    ~ServerTest() override {
        server.reset();
        release_held();
    }

    void start() {
        server = std::make_unique<Server>(settings, routes(), limits);
        server->start();
    }

    testing::HttpClient client(int receive_buffer = 0) {
        return testing::HttpClient(server->port(), receive_buffer);
    }

    // Waits until the route /held was asked that often.
    void await_held(std::size_t count) {
        std::unique_lock lock(mutex);
        ASSERT_TRUE(changed.wait_for(lock, Seconds{10}, [&] { return held.size() >= count; }));
    }

    void release_held() {
        const std::scoped_lock lock(mutex);
        held.clear();
    }

    config::Http settings;
    Limits limits;
    std::unique_ptr<Server> server;
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Responder> held;
    std::atomic<int> sockets_closed{0};

  private:
    Router routes() {
        Router router;
        router.add("GET", "/hello/{name}", [](const Request& request, const Responder& answer) {
            answer({200, "text/plain", "hello " + std::string(request.parameter("name")), {}});
        });
        router.add("POST", "/echo", [](const Request& request, const Responder& answer) {
            answer({200, "text/plain", request.body, {}});
        });
        router.add("GET", "/long", [](const Request& request, const Responder& answer) {
            answer({200,
                    "application/json",
                    std::string(static_cast<std::size_t>(to_number(request.query_value("bytes")).value_or(0)),
                                'x'),
                    {}});
        });
        router.add("GET", "/held", [this](const Request&, Responder answer) {
            const std::scoped_lock lock(mutex);
            held.push_back(std::move(answer));
            changed.notify_all();
        });
        router.add("GET", "/dropped", [](const Request&, const Responder&) {});
        router.add("GET", "/throws",
                   [](const Request&, const Responder&) { throw std::runtime_error("asked for"); });
        router.add("GET", "/twice", [](const Request&, const Responder& answer) {
            answer({200, "text/plain", "first", {}});
            answer({200, "text/plain", "second", {}});
        });
        router.add_socket("/socket", [this](const Request& request, SocketPtr socket) {
            if (request.query == "no") return std::unique_ptr<EchoListener>();
            socket->send("welcome");
            return std::make_unique<EchoListener>(std::move(socket), sockets_closed);
        });
        router.add_socket(
            "/words",
            [this](const Request&, SocketPtr socket) {
                return std::make_unique<EchoListener>(std::move(socket), sockets_closed);
            },
            "words");
        return router;
    }
};

}  // namespace patchbay::http
