#include "ringme/access.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "ringme/answers.hpp"

namespace patchbay::ringme {
namespace {

constexpr int default_rate_limit = 10'000;  // for users that come without an application

const config::Application* application_of(const config::Domain& domain, std::string_view id) {
    const auto found = std::ranges::find(domain.applications, id, &config::Application::id);
    return found == domain.applications.end() ? nullptr : &*found;
}

std::string_view bearer(const http::Request& request) {
    const auto value = request.header("Authorization");
    constexpr std::string_view scheme = "Bearer ";
    if (!iequals(value.substr(0, scheme.size()), scheme)) return {};
    return trim(value.substr(scheme.size()));
}

http::Response unauthorized(std::string_view symbol, std::string_view message) {
    auto answer = error(401, symbol, message);
    answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"patchbay\"");
    return answer;
}

http::Headers headers_of(const RateLimit::Standing& standing) {
    const auto reset = std::chrono::ceil<Seconds>(standing.reset.time_since_epoch()).count();
    return {{"X-RateLimit-Limit", std::to_string(standing.limit)},
            {"X-RateLimit-Remaining", std::to_string(standing.remaining)},
            {"X-RateLimit-Reset", std::to_string(reset)}};
}

Caller caller_of(config::ConfigPtr config, const Party& party) {
    Caller caller;
    caller.domain = party.domain;
    caller.client_id = client_id_of(*config, *party.domain);
    caller.may_supervise = party.application == nullptr || party.application->may_supervise;
    caller.name = party.domain->name + "/" + (party.application != nullptr ? party.application->id : "");
    if (party.extension != nullptr) {
        caller.number = party.extension->number;
        caller.may_supervise = false;
        caller.name += "/extension/" + party.extension->number;
    } else if (party.operator_ != nullptr) {
        if (!party.operator_->supervisor) caller.number = party.operator_->number;
        caller.may_supervise = caller.may_supervise && party.operator_->supervisor;
        caller.name += "/operator/" + party.operator_->id;
    }
    caller.config = std::move(config);
    return caller;
}

}  // namespace

std::string Party::secrets() const {
    std::string all;
    if (application != nullptr) all += application->secret;
    all += '\n';
    if (extension != nullptr) all += extension->password;
    if (operator_ != nullptr) all += operator_->password;
    return all;
}

std::optional<Party> find_party(const config::Config& config, const Claims& claims) {
    Party party;
    party.domain = config.domain(claims.domain);
    if (party.domain == nullptr) return std::nullopt;
    if (!claims.application.empty()) {
        party.application = application_of(*party.domain, claims.application);
        if (party.application == nullptr) return std::nullopt;
    }
    if (claims.kind == Claims::User::phone) {
        party.extension = party.domain->extension(claims.user);
        if (party.extension == nullptr) return std::nullopt;
    } else if (claims.kind == Claims::User::person) {
        party.operator_ = party.domain->operator_by_id(claims.user);
        if (party.operator_ == nullptr) return std::nullopt;
    } else if (party.application == nullptr) {
        return std::nullopt;
    }
    return party;
}

int client_id_of(const config::Config& config, const config::Domain& domain) {
    if (domain.client_id != 0) return domain.client_id;
    return static_cast<int>(&domain - config.domains.data()) + 1;
}

std::variant<Caller, http::Response> Access::admit(const http::Request& request) {
    const auto token = bearer(request);
    if (token.empty()) return unauthorized("unauthorized", "A bearer token is needed");
    auto config = config_();
    std::optional<Party> party;
    const auto now = now_();
    const auto claims = tokens_.read(token, now, [&](const Claims& named) -> std::optional<std::string> {
        party = find_party(*config, named);
        if (!party) return std::nullopt;
        return party->secrets();
    });
    if (!claims) return unauthorized("invalid_token", "The token is not valid, or not any more");
    auto caller = caller_of(std::move(config), *party);
    const int limit = party->application != nullptr ? party->application->rate_limit : default_rate_limit;
    if (limit > 0) {
        const auto standing = limit_.take(caller.name, limit, now);
        caller.limit_headers = headers_of(standing);
        if (!standing.allowed) {
            auto answer = error(429, "rate_limit_exceeded", "The requests of this hour are used up");
            answer.headers = caller.limit_headers;
            const auto wait = std::chrono::ceil<Seconds>(standing.reset - now).count();
            answer.headers.emplace_back("Retry-After", std::to_string(wait));
            return answer;
        }
    }
    if (claims->scope != "all" && claims->scope != "call_api") {
        auto answer = error(403, "insufficient_scope", "The token's scope does not allow this");
        answer.headers = caller.limit_headers;
        return answer;
    }
    return caller;
}

}  // namespace patchbay::ringme
