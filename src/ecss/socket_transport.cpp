#include "ecss/socket_transport.hpp"

#include "base/text.hpp"
#include "ecss/http_transport.hpp"
#include "ecss/socket_client.hpp"

namespace patchbay::ecss {
namespace {

constexpr std::uint16_t unsupported_data = 1003;  // RFC 6455, section 7.4.1

// Passes what the connection says on to the client, which may outlive it.
class Connection final : public http::SocketListener {
  public:
    Connection(std::shared_ptr<SocketClient> client, http::SocketPtr socket)
        : client_(std::move(client)), socket_(std::move(socket)) {}
    ~Connection() override { client_->close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void on_text(std::string_view message) override { client_->take(message); }
    void on_binary(std::string_view /*message*/) override {
        socket_->close(unsupported_data, "Frames are text messages.");
    }
    void on_close() override { client_->close(); }

  private:
    const std::shared_ptr<SocketClient> client_;
    const http::SocketPtr socket_;
};

Resume resume_of(const http::Request& request) {
    return resume_from(request.query_value("offset"), request.query_value("desk_offset"));
}

// A browser sends our cookie along whichever page opens the socket, and says which one did (RFC 6455,
// section 10.2): a stranger's page gets no session by it.
bool is_own_page(const http::Request& request) {
    const auto origin = request.header("Origin");
    if (origin.empty()) return true;
    const auto scheme = origin.find("://");
    return scheme != std::string_view::npos && iequals(origin.substr(scheme + 3), request.header("Host"));
}

// A client that brings a cookie or a password is logged in at once; without, it sends a login frame.
void enter_at_once(Services& services, const http::Request& request, const config::Domain& domain,
                   SocketClient& client) {
    if (const auto session = services.access.sessions().find(session_token(request));
        session && session->domain == domain.name && is_own_page(request)) {
        if (const auto caller = services.access.by_session(*session)) {
            client.enter(*caller, session, true, resume_of(request));
        }
    } else if (const auto authorization = request.header("Authorization"); !authorization.empty()) {
        if (const auto caller = services.access.by_basic(domain.name, authorization, request.remote)) {
            client.enter(*caller, std::make_shared<LoginSession>(domain.name, caller->person->id), false,
                         resume_of(request));
        }
    }
}

}  // namespace

http::SocketHandler socket_handler(std::shared_ptr<Services> services) {
    return [services = std::move(services)](const http::Request& request,
                                            http::SocketPtr socket) -> std::unique_ptr<http::SocketListener> {
        const auto domain = services->access.domain(request.parameter("domain"));
        if (!domain) return nullptr;
        auto client = std::make_shared<SocketClient>(services, socket, domain->domain->name, request.remote);
        enter_at_once(*services, request, *domain->domain, *client);
        return std::make_unique<Connection>(std::move(client), std::move(socket));
    };
}

}  // namespace patchbay::ecss
