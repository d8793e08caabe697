#include "ecss/http_transport.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "ecss/xml.hpp"

namespace patchbay::ecss {
namespace {

constexpr std::string_view cookie_name = "patchbay_ecss";

// One request on its way to its answer.
struct Exchange {
    std::shared_ptr<Services> services;
    http::Responder responder;
    std::string command;
    const CommandKind* kind = nullptr;

    void answer(const Answer& reply, http::Headers headers = {}) const {
        services->meters.count_command(kind, Transport::http, reply.status);
        headers.emplace_back("Cache-Control", "no-store");
        responder(http::Response{reply.status, "application/xml; charset=utf-8", xml_from_node(reply.out),
                                 std::move(headers)});
    }

    void refuse(const Error& error, std::string_view domain = {}) const {
        const auto reply = error_answer(command, error);
        http::Headers headers;
        if (reply.status == 401) {
            headers.emplace_back("WWW-Authenticate",
                                 fmt::format(R"(Basic realm="{}", charset="UTF-8")", domain));
        } else if (reply.status == 429) {
            headers.emplace_back("Retry-After", fmt::to_string(Throttle::window.count()));
        }
        answer(reply, std::move(headers));
    }
};

bool is_xml(std::string_view content_type) {
    const auto type = lower(trim(content_type.substr(0, content_type.find(';'))));
    return type.empty() || type == "application/xml" || type == "text/xml" || type.ends_with("+xml");
}

// The path is as the client wrote it: cookies' paths compare with case, domains without.
std::string cookie(const http::Request& request, std::string_view token) {
    return fmt::format("{}={}; Path=/{}/service/cc/arm; HttpOnly; SameSite=Strict{}{}", cookie_name, token,
                       request.parameter("domain"), request.tls ? "; Secure" : "",
                       token.empty() ? "; Max-Age=0" : "");
}

void log_in(const Exchange& exchange, const http::Request& request, const LoginRequest& login) {
    const std::string domain(request.parameter("domain"));
    exchange.services->log_in(domain, login, request.remote,
                              [exchange, request](const Result<Caller>& caller) {
                                  if (!caller)
                                      return exchange.refuse(caller.error(), request.parameter("domain"));
                                  auto& sessions = exchange.services->access.sessions();
                                  const auto opened = sessions.open(caller->domain->name, caller->person->id);
                                  if (!opened) return exchange.refuse(opened.error());
                                  exchange.answer(login_answer(caller->person->id, caller->person->supervisor,
                                                               exchange.services->auto_logout(*caller)),
                                                  {{"Set-Cookie", cookie(request, opened->token)}});
                              });
}

void log_out(const Exchange& exchange, const http::Request& request) {
    exchange.services->access.sessions().close(session_token(request));
    exchange.answer(ok_answer(exchange.command), {{"Set-Cookie", cookie(request, {})}});
}

Result<Request> read_body(const Exchange& exchange, const http::Request& request) {
    const auto in = node_from_xml(exchange.services->schemas, exchange.kind->name, request.body);
    auto read = in ? read_request(*exchange.kind, *in) : Result<Request>{in.error()};
    if (!read && read.error().code != "cannot_perform_cmd") {
        exchange.services->meters.count_invalid(Transport::http, read.error().code);
    }
    return read;
}

void serve(const Exchange& exchange, const http::Request& request) {
    auto& services = *exchange.services;
    const auto domain = services.access.domain(request.parameter("domain"));
    if (!domain) return exchange.refuse(domain.error());
    if (exchange.kind == nullptr) {
        return exchange.refuse(
            {"unknown_command", fmt::format("There is no command '{}'.", exchange.command)});
    }
    if (!is_xml(request.header("Content-Type"))) {
        return exchange.refuse(
            {"unsupported_media_type", "The request must be XML: Content-Type: application/xml."});
    }
    if (request.body.size() > longest_request) {
        return exchange.refuse(
            {"too_large", fmt::format("A request has at most {} bytes.", longest_request)});
    }
    // Who is not known does not have his XML read, but for a login.
    const bool login = exchange.kind == find_command("login");
    const auto caller = login ? domain : identify(services, request, *domain->domain);
    if (!caller) return exchange.refuse(caller.error(), domain->domain->name);
    services.desk.open(domain->domain->name);  // a reload may have brought it
    auto read = read_body(exchange, request);
    if (!read) return exchange.refuse(read.error());
    std::visit(
        [&](auto& typed) {
            using Type = std::remove_cvref_t<decltype(typed)>;
            if constexpr (std::is_same_v<Type, LoginRequest>) {
                log_in(exchange, request, typed);
            } else if constexpr (std::is_same_v<Type, LogoutRequest>) {
                log_out(exchange, request);
            } else {
                services.commands.run(*caller, *exchange.kind, std::move(typed),
                                      [exchange](const Answer& reply) { exchange.answer(reply); });
            }
        },
        *read);
}

}  // namespace

std::string_view session_token(const http::Request& request) {
    for (const auto part : split(request.header("Cookie"), ';')) {
        const auto pair = trim(part);
        if (pair.starts_with(cookie_name) && pair.substr(cookie_name.size()).starts_with('=')) {
            return pair.substr(cookie_name.size() + 1);
        }
    }
    return {};
}

Result<Caller> identify(Services& services, const http::Request& request, const config::Domain& domain) {
    if (const auto token = session_token(request); !token.empty()) {
        const auto session = services.access.sessions().find(token);
        if (session && session->domain == domain.name) return services.access.by_session(*session);
    }
    return services.access.by_basic(domain.name, request.header("Authorization"), request.remote);
}

http::Handler http_handler(std::shared_ptr<Services> services) {
    return [services = std::move(services)](const http::Request& request, http::Responder responder) {
        Exchange exchange{services, std::move(responder), std::string(request.parameter("command"))};
        exchange.kind = find_command(exchange.command);
        serve(exchange, request);
    };
}

}  // namespace patchbay::ecss
