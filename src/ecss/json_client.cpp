#include "ecss/json_client.hpp"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/metrics.hpp"

namespace patchbay::ecss {
namespace {

void count(std::string_view action, int status) {
    metrics::counter("patchbay_ecss_json_requests_total", "Requests of the JSON socket",
                     {{"action", std::string(action)}, {"status", std::to_string(status)}})
        .add();
}

// What is counted under its own name; a client's inventions are one.
std::string_view known(std::string_view action) {
    if (const auto* verb = find_json_verb(action)) return verb->action;
    for (const std::string_view other : {"login", "logout", "call/subscribe", "call/get"})
        if (action == other) return other;
    return "unknown";
}

// What a subscription tells: gathered into the one reply first, then sent on as it comes.
class Gatherer {
  public:
    /// `after`: where the client goes on from, if that is still known.
    Gatherer(http::SocketPtr socket, std::optional<Position> after)
        : socket_(std::move(socket)), at_(after.value_or(Position{})) {}

    // Under the feed's lock.
    void hear(ConversationNews& news) {
        const std::scoped_lock lock(mutex_);
        if (replied_) {
            socket_->send(news.notice());
        } else if (news.is_snapshot()) {
            calls_.assign(news.conversations().begin(), news.conversations().end());
            at_ = news.at();
            resumes_ = false;
        } else {
            waiting_.push_back(news.notice());
        }
    }
    void reply(const JsonRequest& request, const QueueName& queue_name) {
        const std::scoped_lock lock(mutex_);
        socket_->send(json_reply(request, json_subscribed(calls_, at_, resumes_, queue_name)));
        for (auto& notice : waiting_) socket_->send(std::move(notice));
        waiting_.clear();
        replied_ = true;
    }

  private:
    const http::SocketPtr socket_;
    std::mutex mutex_;
    std::vector<Conversation> calls_;
    std::vector<std::string> waiting_;
    Position at_;
    bool resumes_ = true;  ///< until a snapshot comes
    bool replied_ = false;
};

}  // namespace

JsonClient::JsonClient(std::shared_ptr<Services> services, http::SocketPtr socket, std::string address)
    : services_(std::move(services)),
      socket_(std::move(socket)),
      address_(std::move(address)),
      session_(services_->access) {}

void JsonClient::take(std::string_view message) {
    if (message.size() > longest_request)
        return refuse({}, {"too_large", fmt::format("A request has at most {} bytes.", longest_request)});
    auto request = read_json_request(message);
    if (!request) return refuse({}, request.error());
    serve(std::move(*request));
}

void JsonClient::serve(JsonRequest request) {
    if (request.action == "login") return log_in(std::move(request));
    const auto person = session_.caller();
    if (!person) return refuse(request, person.error());
    if (request.action == "logout") {
        session_.log_out();
        return answer(request, json_ok());
    }
    if (request.action == "call/subscribe") return subscribe(request, *person);
    if (request.action == "call/get") return get(*person, std::move(request));
    if (const auto* verb = find_json_verb(request.action)) return run(*person, std::move(request), *verb);
    refuse(request, {"unknown_command", fmt::format("There is no action '{}'.", request.action)});
}

// The payload's domain, what follows the login's '@', or the only one there is.
std::string JsonClient::domain_of(const JsonRequest& request, std::string& login) const {
    std::string domain(request.value("domain"));
    if (const auto at = login.rfind('@'); domain.empty() && at != std::string::npos) {
        domain = login.substr(at + 1);
        login.resize(at);
    }
    return domain.empty() ? services_->access.only_domain() : domain;
}

void JsonClient::log_in(JsonRequest request) {
    LoginRequest login{std::string(request.value("login")),
                       std::string(request.value("password")),
                       std::string(request.value("number")),
                       {}};
    const auto domain = domain_of(request, login.login);
    services_->log_in(
        domain, login, address_,
        [self = shared_from_this(), request = std::move(request)](const Result<Caller>& caller) {
            if (!caller) return self->refuse(request, caller.error());
            self->enter(request, *caller);
        });
}

void JsonClient::enter(const JsonRequest& request, const Caller& caller) {
    auto opened = services_->access.sessions().open(caller.domain->name, caller.person->id);
    if (!opened) return refuse(request, opened.error());
    const auto token = opened->token;
    session_.enter(std::move(opened->session), token, Leaving::ends, {});
    answer(request, json_login(token, caller.person->supervisor, services_->auto_logout(caller)));
}

void JsonClient::subscribe(const JsonRequest& request, const Caller& caller) {
    std::vector<std::string> wanted{std::string{}};
    const auto list = request.lists.find("operatorIds");
    if (list != request.lists.end() && !list->second.empty()) wanted = list->second;
    for (auto& operator_id : wanted) {
        auto allowed = acting_for(caller, operator_id);
        if (!allowed) return refuse(request, allowed.error());
        operator_id = std::move(*allowed);
    }
    std::ranges::sort(wanted);
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    const auto after = Position::parse(request.value("offset"));
    const auto gatherer = std::make_shared<Gatherer>(socket_, after);
    Audience audience{caller.domain->name, std::move(wanted.front()), {}, {}};
    audience.others.assign(std::make_move_iterator(wanted.begin() + 1),
                           std::make_move_iterator(wanted.end()));
    session_.listen([&](const LoginSessionPtr& session) {
        return Places{
            services_->conversations.join(std::move(audience), session, after,
                                          [gatherer](ConversationNews& news) { gatherer->hear(news); }),
            nullptr};
    });
    count(known(request.action), 200);
    gatherer->reply(request, services_->queue_name);
}

void JsonClient::get(const Caller& caller, JsonRequest request) {
    auto operator_id = acting_for(caller, std::string(request.value("operatorId")));
    if (!operator_id) return refuse(request, operator_id.error());
    SwitchRequest listing{std::move(*operator_id), call::List{}, nullptr};
    services_->commands.act(
        caller, std::move(listing),
        [self = shared_from_this(), request = std::move(request)](const Result<call::Outcome>& outcome) {
            if (!outcome) return self->refuse(request, outcome.error());
            auto calls = self->services_->conversations.conversations_of(outcome->legs);
            std::erase_if(calls,
                          [&](const auto& one) { return one.leg.call.text() != request.value("callRef"); });
            if (calls.empty())
                return self->refuse(request, {"no_such_leg", "There is no call of that callRef."});
            self->answer(request, json_calls(calls, {}, self->services_->queue_name));
        });
}

void JsonClient::run(const Caller& caller, JsonRequest request, const JsonVerb& verb) {
    auto command = verb.read(request);
    if (!command) return refuse(request, command.error());
    if (verb.action == "call/complete") return complete(caller, std::move(request), *command);
    const bool makes_call = std::holds_alternative<call::Originate>(command->action);
    services_->commands.act(caller, std::move(*command),
                            [self = shared_from_this(), request = std::move(request),
                             makes_call](const Result<call::Outcome>& outcome) {
                                if (!outcome) return self->refuse(request, outcome.error());
                                const bool named = makes_call && !outcome->legs.empty();
                                self->answer(request,
                                             named ? json_call_made(outcome->legs.front().id) : json_ok());
                            });
}

// Ends the after-call work, too: the desk's doing, not the switch's.
void JsonClient::complete(const Caller& caller, JsonRequest request, const SwitchRequest& command) {
    static const auto& kind = *find_command("call_complete");
    services_->commands.run(
        caller, kind, CompleteRequest{command.operator_id, std::get<call::Clear>(command.action).leg},
        [self = shared_from_this(), request = std::move(request)](const Answer& reply) {
            const auto* error = reply.out.child("error");
            if (error == nullptr) return self->answer(request, json_ok());
            self->refuse(request,
                         {std::string(error->attribute("reason")), std::string(error->attribute("body"))});
        });
}

void JsonClient::answer(const JsonRequest& request, std::string_view payload) {
    count(known(request.action), 200);
    socket_->send(json_reply(request, payload));
}

void JsonClient::refuse(const JsonRequest& request, const Error& error) {
    count(known(request.action), json_status(error.code));
    socket_->send(json_error(request, error));
}

}  // namespace patchbay::ecss
