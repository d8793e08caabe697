// What both WebSocket transports make of a connection: its texts go to a client, anything else ends it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "ecss/meters.hpp"
#include "http/http.hpp"

namespace patchbay::ecss {

/// Passes what the connection says on to the client (take, close), which may outlive it. Called on the
/// connection's thread.
template <typename Client>
class TextListener final : public http::SocketListener {
  public:
    /// `not_a_text` is the reason given to who sends a binary message; static storage.
    TextListener(std::shared_ptr<Client> client, http::SocketPtr socket, std::string_view not_a_text)
        : client_(std::move(client)), socket_(std::move(socket)), not_a_text_(not_a_text) {}
    ~TextListener() override { client_->close(); }
    TextListener(const TextListener&) = delete;
    TextListener& operator=(const TextListener&) = delete;

    void on_text(std::string_view message) override { client_->take(message); }
    void on_binary(std::string_view /*message*/) override {
        count_bad_frame("binary");
        socket_->close(unsupported_data, not_a_text_);
    }
    void on_close() override { client_->close(); }

  private:
    static constexpr std::uint16_t unsupported_data = 1003;  // RFC 6455, section 7.4.1

    const std::shared_ptr<Client> client_;
    const http::SocketPtr socket_;
    const std::string_view not_a_text_;
};

}  // namespace patchbay::ecss
