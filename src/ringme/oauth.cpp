#include "ringme/oauth.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/base64.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "http/url.hpp"
#include "ringme/access.hpp"
#include "ringme/answers.hpp"

namespace patchbay::ringme {
namespace {

constexpr Seconds lifetime{3600};
constexpr int failures_an_hour = 100;  // from one address

struct Credentials {
    std::string id, secret;
};

// Both vocabularies: RFC 6749's members and Ringme's.
http::Response failure(int status, std::string_view symbol, std::string_view message) {
    boost::json::object body{
        {"error", symbol}, {"error_description", message}, {"status", symbol}, {"message", message}};
    return {status, std::string(json_type), boost::json::serialize(body), {{"Cache-Control", "no-store"}}};
}

// From HTTP Basic (RFC 6749, section 2.3.1) or the form.
Credentials client_of(const http::Request& request) {
    constexpr std::string_view scheme = "Basic ";
    const auto value = request.header("Authorization");
    if (iequals(value.substr(0, scheme.size()), scheme)) {
        const auto pair = from_base64(trim(value.substr(scheme.size()))).value_or(std::string{});
        const auto colon = pair.find(':');
        if (colon == std::string::npos) return {};
        return {http::percent_decode(pair.substr(0, colon), true).value_or(""),
                http::percent_decode(pair.substr(colon + 1), true).value_or("")};
    }
    return {http::form_value(request.body, "client_id").value_or(""),
            http::form_value(request.body, "client_secret").value_or("")};
}

// The application of that id whose secret fits; ids may repeat from domain to domain.
std::optional<Claims> prove_application(const config::Config& config, const Credentials& given) {
    for (const auto& domain : config.domains) {
        for (const auto& application : domain.applications) {
            if (application.id != given.id || !equal_in_constant_time(application.secret, given.secret))
                continue;
            Claims claims;
            claims.domain = domain.name;
            claims.application = application.id;
            claims.scope = application.scope;
            return claims;
        }
    }
    return std::nullopt;
}

bool prove_user_of(const config::Domain& domain, const Credentials& given, Claims& claims) {
    const auto prove = [&](const std::string& password, Claims::User kind, const std::string& user) {
        if (password.empty() || !equal_in_constant_time(password, given.secret)) return false;
        claims.domain = domain.name;
        claims.kind = kind;
        claims.user = user;
        return true;
    };
    const auto* person = domain.operator_by_id(given.id);
    if (person != nullptr && prove(person->password, Claims::User::person, person->id)) return true;
    const auto* extension = domain.extension(given.id);
    return extension != nullptr && prove(extension->password, Claims::User::phone, extension->number);
}

// "101@domain", "prefix*101", or plain "101" when the application says which domain.
bool prove_user(const config::Config& config, Credentials given, Claims& claims) {
    if (const auto at = given.id.rfind('@'); at != std::string::npos) {
        const auto* domain = config.domain(given.id.substr(at + 1));
        given.id.resize(at);
        if (domain == nullptr || (!claims.domain.empty() && domain->name != claims.domain)) return false;
        return prove_user_of(*domain, given, claims);
    }
    for (const auto& domain : config.domains) {
        if (!claims.domain.empty() && domain.name != claims.domain) continue;
        const auto prefix = domain.prefix + "*";
        if (given.id.starts_with(prefix)) {
            return prove_user_of(domain, {given.id.substr(prefix.size()), given.secret}, claims);
        }
    }
    const auto* domain = config.domain(claims.domain);
    return domain != nullptr && prove_user_of(*domain, given, claims);
}

std::optional<Claims> prove_password(const config::Config& config, const http::Request& request) {
    Claims claims;
    claims.scope = "all";
    if (const auto client = client_of(request); !client.id.empty()) {
        const auto application = prove_application(config, client);
        if (!application) return std::nullopt;
        claims = *application;
    }
    Credentials user{http::form_value(request.body, "username").value_or(""),
                     http::form_value(request.body, "password").value_or("")};
    if (!prove_user(config, std::move(user), claims)) return std::nullopt;
    return claims;
}

// A smaller scope may be asked for, not a greater one.
bool narrow_scope(Claims& claims, const std::string& asked) {
    if (asked.empty() || asked == claims.scope) return true;
    if (claims.scope != "all" || asked != "call_api") return false;
    claims.scope = asked;
    return true;
}

bool is_form(const http::Request& request) {
    const auto type = request.header("Content-Type");
    const auto name = trim(type.substr(0, type.find(';')));
    return name.empty() || iequals(name, "application/x-www-form-urlencoded");
}

}  // namespace

http::Response TokenEndpoint::answer(const http::Request& request) {
    const auto now = now_();
    if (!failures_.look(request.remote, failures_an_hour, now).allowed) {
        return failure(429, "rate_limit_exceeded", "Too many failed attempts from this address");
    }
    auto answer = grant(request);
    if (answer.status == 401) {
        failures_.take(request.remote, failures_an_hour, now);
        log::warning("ringme", "a token was refused to {}", request.remote);
    }
    return answer;
}

http::Response TokenEndpoint::grant(const http::Request& request) {
    if (!is_form(request)) {
        return failure(415, "unsupported_media_type", "The body must be application/x-www-form-urlencoded");
    }
    const auto type = http::form_value(request.body, "grant_type").value_or("");
    if (type.empty()) return failure(400, "invalid_request", "grant_type is required");
    const bool is_password = type == "password";
    if (!is_password && type != "client_credentials") {
        return failure(400, "unsupported_grant_type", "grant_type must be client_credentials or password");
    }
    const auto config = config_();
    auto claims =
        is_password ? prove_password(*config, request) : prove_application(*config, client_of(request));
    if (!claims) {
        auto answer =
            failure(401, is_password ? "invalid_grant" : "invalid_client", "The credentials are wrong");
        answer.headers.emplace_back("WWW-Authenticate", "Basic realm=\"patchbay\"");
        return answer;
    }
    if (!narrow_scope(*claims, http::form_value(request.body, "scope").value_or(""))) {
        return failure(400, "invalid_scope", "The scope may be " + claims->scope);
    }
    claims->expires = now_() + lifetime;
    const auto party = find_party(*config, *claims);
    boost::json::object body{{"access_token", tokens_.issue(*claims, party->secrets())},
                             {"token_type", "Bearer"},
                             {"expires_in", lifetime.count()},
                             {"scope", claims->scope}};
    return {200, std::string(json_type), boost::json::serialize(body), {{"Cache-Control", "no-store"}}};
}

}  // namespace patchbay::ringme
