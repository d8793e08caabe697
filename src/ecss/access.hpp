// Who asks, and for whom they may act.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/throttle.hpp"
#include "config/config.hpp"
#include "ecss/login_sessions.hpp"

namespace patchbay::ecss {

/// An operator whose word was checked. Keeps the configuration that it points into.
struct Caller {
    config::ConfigPtr config;
    const config::Domain* domain = nullptr;
    const config::Operator* person = nullptr;
};

/// Any thread.
class Access {
  public:
    Access(std::function<config::ConfigPtr()> config, std::function<Ticks()> ticks, Seconds idle_timeout);

    /// Errors: `unknown_domain`, `not_authorized`, `too_many_attempts`.
    Result<Caller> by_password(std::string_view domain, std::string_view login, std::string_view password,
                               std::string_view address);
    /// HTTP Basic (RFC 7617): `authorization` is the header's value.
    Result<Caller> by_basic(std::string_view domain, std::string_view authorization,
                            std::string_view address);
    /// The operator of a live session; `not_authorized` when it ended or the operator is no more.
    Result<Caller> by_session(const LoginSession& session) const;

    /// The domain as it is configured; `unknown_domain` when there is none of that name.
    Result<Caller> domain(std::string_view name) const;
    /// The name of the only domain there is; empty when there are several.
    std::string only_domain() const;

    LoginSessions& sessions() { return sessions_; }
    const LoginSessions& sessions() const { return sessions_; }

  private:
    const std::function<config::ConfigPtr()> config_;
    LoginSessions sessions_;
    Throttle throttle_;
};

/// Whose conversations a request is about: `operator_id`, or the caller's when that is empty. Another
/// operator's need a supervisor of that operator's group; `cannot_perform_cmd` otherwise.
Result<std::string> acting_for(const Caller& caller, const std::string& operator_id);

/// The same for what only a supervisor may do, to oneself too.
Result<std::string> supervising(const Caller& caller, const std::string& operator_id);

}  // namespace patchbay::ecss
