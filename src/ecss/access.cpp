#include "ecss/access.hpp"

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace patchbay::ecss {
namespace {

Error not_authorized(std::string text) {
    return Error{"not_authorized", std::move(text)};
}

}  // namespace

Access::Access(std::function<config::ConfigPtr()> config, std::function<Ticks()> ticks, Seconds idle_timeout)
    : config_(std::move(config)), sessions_(ticks, idle_timeout), throttle_(std::move(ticks)) {}

Result<Caller> Access::domain(std::string_view name) const {
    Caller caller{config_()};
    caller.domain = caller.config->domain(name);
    if (caller.domain == nullptr)
        return Error{"unknown_domain", fmt::format("There is no domain '{}'.", name)};
    return caller;
}

std::string Access::only_domain() const {
    const auto config = config_();
    return config->domains.size() == 1 ? config->domains.front().name : std::string{};
}

Result<Caller> Access::by_password(std::string_view domain_name, std::string_view login,
                                   std::string_view password, std::string_view address) {
    auto caller = domain(domain_name);
    if (!caller) return caller;
    if (!throttle_.allows(address, login)) {
        return Error{"too_many_attempts", fmt::format("Too many wrong passwords. Try again in {} seconds.",
                                                      Throttle::window.count())};
    }
    caller->person = caller->domain->operator_by_id(login);
    if (caller->person != nullptr && equal_in_constant_time(caller->person->password, password))
        return caller;
    throttle_.count_failure(address, login);
    return not_authorized("Invalid login or password");
}

Result<Caller> Access::by_basic(std::string_view domain_name, std::string_view authorization,
                                std::string_view address) {
    constexpr std::string_view scheme = "basic ";
    if (!iequals(authorization.substr(0, scheme.size()), scheme)) {
        return not_authorized("Log in first, or send HTTP Basic authorization.");
    }
    const auto bytes = from_base64(trim(authorization.substr(scheme.size())));
    const auto colon = bytes ? bytes->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return not_authorized("The Authorization header is not of the form of HTTP Basic.");
    const auto text = std::string_view(*bytes);
    return by_password(domain_name, text.substr(0, colon), text.substr(colon + 1), address);
}

Result<Caller> Access::by_session(const LoginSession& session) const {
    if (session.ended()) return not_authorized("The session has ended. Log in again.");
    auto caller = domain(session.domain);
    if (!caller) return caller;
    caller->person = caller->domain->operator_by_id(session.operator_id);
    if (caller->person == nullptr) return not_authorized("The operator of this session is no more.");
    return caller;
}

Result<std::string> acting_for(const Caller& caller, const std::string& operator_id) {
    if (operator_id.empty() || operator_id == caller.person->id) return caller.person->id;
    const auto* other = caller.domain->operator_by_id(operator_id);
    if (other != nullptr && caller.person->supervisor && other->group == caller.person->group)
        return operator_id;
    return Error{"cannot_perform_cmd",
                 fmt::format("Only a supervisor of the group of operator '{}' may act for that operator.",
                             operator_id)};
}

Result<std::string> supervising(const Caller& caller, const std::string& operator_id) {
    if (caller.person->supervisor) return acting_for(caller, operator_id);
    return Error{"cannot_perform_cmd", "Only a supervisor may do this."};
}

}  // namespace patchbay::ecss
