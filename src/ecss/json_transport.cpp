#include "ecss/json_transport.hpp"

#include "ecss/json_client.hpp"

namespace patchbay::ecss {
namespace {

constexpr std::uint16_t unsupported_data = 1003;  // RFC 6455, section 7.4.1

// Passes what the connection says on to the client, which may outlive it.
class Connection final : public http::SocketListener {
  public:
    Connection(std::shared_ptr<JsonClient> client, http::SocketPtr socket)
        : client_(std::move(client)), socket_(std::move(socket)) {}
    ~Connection() override { client_->close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void on_text(std::string_view message) override { client_->take(message); }
    void on_binary(std::string_view /*message*/) override {
        socket_->close(unsupported_data, "Messages are texts.");
    }
    void on_close() override { client_->close(); }

  private:
    const std::shared_ptr<JsonClient> client_;
    const http::SocketPtr socket_;
};

}  // namespace

http::SocketHandler json_handler(std::shared_ptr<Services> services) {
    return [services = std::move(services)](const http::Request& request,
                                            http::SocketPtr socket) -> std::unique_ptr<http::SocketListener> {
        auto client = std::make_shared<JsonClient>(services, socket, request.remote);
        return std::make_unique<Connection>(std::move(client), std::move(socket));
    };
}

}  // namespace patchbay::ecss
