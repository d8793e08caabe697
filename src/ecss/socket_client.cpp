#include "ecss/socket_client.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ecss/json.hpp"
#include "ecss/xml.hpp"

namespace patchbay::ecss {
namespace {

constexpr std::uint16_t protocol_error = 1002;  // RFC 6455, section 7.4.1

// A client may answer our events in the response form: its "command" then is a status.
bool acknowledges_event(const RequestFrame& frame) {
    return frame.id == event_id && frame.command.size() == 3 &&
           std::ranges::all_of(frame.command, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

SocketClient::SocketClient(std::shared_ptr<Services> services, http::SocketPtr socket, std::string domain,
                           std::string address)
    : services_(std::move(services)),
      socket_(std::move(socket)),
      domain_(std::move(domain)),
      address_(std::move(address)),
      session_(services_->access) {}

void SocketClient::enter(const Caller& caller, LoginSessionPtr session, Leaving leaving,
                         const Resume& resume) {
    Audience audience{caller.domain->name, caller.person->id,
                      caller.person->supervisor ? caller.person->group : std::string{}};
    const auto send = [socket = socket_](const std::string& frame) { socket->send(frame); };
    session_.enter(std::move(session), {}, leaving, [&](const LoginSessionPtr& entered) {
        auto conversations = services_->conversations.join(
            audience, entered, resume.conversations, [send](ConversationNews& news) { send(news.frame()); });
        return Places{std::move(conversations),
                      services_->desk.join(std::move(audience), entered, resume.desk, send)};
    });
}

void SocketClient::take(std::string_view message) {
    const auto parsed = parse_request(message);
    if (const auto* wrong = std::get_if<FrameFault>(&parsed)) return fault(*wrong);
    const auto& frame = std::get<RequestFrame>(parsed);
    if (frame.wrong_length) services_->meters.count_wrong_length();
    if (acknowledges_event(frame)) return;
    const Ask ask{std::string(frame.id), std::string(frame.command), find_command(frame.command)};
    if (message.size() > longest_request) {
        return answer(ask,
                      error_answer(ask.command, {"too_large", fmt::format("A request has at most {} bytes.",
                                                                          longest_request)}));
    }
    serve(ask, frame.json);
}

void SocketClient::fault(const FrameFault& wrong) {
    count_bad_frame(wrong.slug);
    if (wrong.id.empty()) return socket_->close(protocol_error, wrong.text);
    answer(Ask{std::string(wrong.id), {}}, error_answer({}, {"bad_frame", std::string(wrong.text)}));
}

void SocketClient::serve(const Ask& ask, std::string_view json) {
    const bool login = ask.kind != nullptr && ask.kind == find_command("login");
    const auto known = login ? services_->access.domain(domain_) : session_.caller();
    if (!known) return answer(ask, error_answer(ask.command, known.error()));
    if (ask.kind == nullptr) {
        return answer(
            ask, error_answer(ask.command,
                              {"unknown_command", fmt::format("There is no command '{}'.", ask.command)}));
    }
    auto request = read(*ask.kind, json);
    if (!request) return answer(ask, error_answer(ask.command, request.error()));
    std::visit(
        [&](auto& typed) {
            using Type = std::remove_cvref_t<decltype(typed)>;
            if constexpr (std::is_same_v<Type, LoginRequest>) {
                log_in(ask, typed);
            } else if constexpr (std::is_same_v<Type, LogoutRequest>) {
                log_out(ask);
            } else {
                services_->commands.run(
                    *known, *ask.kind, std::move(typed),
                    [self = shared_from_this(), ask](const Answer& reply) { self->answer(ask, reply); });
            }
        },
        *request);
}

Result<Request> SocketClient::read(const CommandKind& kind, std::string_view json) {
    const auto in = node_from_json(json);
    const auto checked = in ? check_node(services_->schemas, kind.name, *in) : Result<Done>{in.error()};
    auto request = checked ? read_request(kind, *in) : Result<Request>{checked.error()};
    if (!request && request.error().code != "cannot_perform_cmd") {
        services_->meters.count_invalid(Transport::socket, request.error().code);
    }
    return request;
}

void SocketClient::log_in(const Ask& ask, const LoginRequest& request) {
    services_->log_in(
        domain_, request, address_,
        [self = shared_from_this(), ask, resume = request.resume](const Result<Caller>& caller) {
            if (!caller) return self->answer(ask, error_answer(ask.command, caller.error()));
            self->answer(ask, login_answer(caller->person->id, caller->person->supervisor,
                                           self->services_->auto_logout(*caller)));
            self->enter(*caller, std::make_shared<LoginSession>(caller->domain->name, caller->person->id),
                        Leaving::ends, resume);
        });
}

void SocketClient::log_out(const Ask& ask) {
    session_.log_out();
    answer(ask, ok_answer(ask.command));
}

void SocketClient::answer(const Ask& ask, const Answer& reply) {
    services_->meters.count_command(ask.kind, Transport::socket, reply.status);
    socket_->send(response_frame(ask.id, reply.status, json_from_node(reply.out)));
}

}  // namespace patchbay::ecss
