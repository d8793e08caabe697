#include "ecss/socket_transport.hpp"

#include "base/text.hpp"
#include "ecss/http_transport.hpp"
#include "ecss/socket_client.hpp"
#include "ecss/text_listener.hpp"

namespace patchbay::ecss {
namespace {

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
            client.enter(*caller, session, Leaving::goes_on, resume_of(request));
        }
    } else if (const auto authorization = request.header("Authorization"); !authorization.empty()) {
        if (const auto caller = services.access.by_basic(domain.name, authorization, request.remote)) {
            client.enter(*caller, std::make_shared<LoginSession>(domain.name, caller->person->id),
                         Leaving::ends, resume_of(request));
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
        return std::make_unique<TextListener<SocketClient>>(std::move(client), std::move(socket),
                                                            "Frames are text messages.");
    };
}

}  // namespace patchbay::ecss
