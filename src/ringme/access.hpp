// Who asks, and what they may: bearer tokens, scopes and the rate limit.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "config/config.hpp"
#include "http/http.hpp"
#include "ringme/rate_limit.hpp"
#include "ringme/tokens.hpp"

namespace patchbay::ringme {

/// A client that proved itself, in the configuration as it was then.
struct Caller {
    config::ConfigPtr config;
    const config::Domain* domain = nullptr;
    int client_id = 0;
    std::string number;  ///< a user's own extension; empty: all of the domain
    bool may_supervise = false;
    std::string name;  ///< for the rate limit and Idempotency-Keys
    http::Headers limit_headers;
};

/// Thread-safe.
class Access {
  public:
    Access(std::function<config::ConfigPtr()> config, std::function<Time()> now, Tokens& tokens)
        : config_(std::move(config)), now_(std::move(now)), tokens_(tokens) {}

    /// The caller, or the answer that turns them away: 401, 403 or 429. Counts the request.
    std::variant<Caller, http::Response> admit(const http::Request& request);

  private:
    std::function<config::ConfigPtr()> config_;
    std::function<Time()> now_;
    Tokens& tokens_;
    RateLimit limit_;
};

/// The application or user that the claims name, as they are configured now.
struct Party {
    const config::Domain* domain = nullptr;
    const config::Application* application = nullptr;  ///< null: a user without one
    const config::Extension* extension = nullptr;
    const config::Operator* operator_ = nullptr;

    /// All secrets the party proved to know.
    std::string secrets() const;
};
std::optional<Party> find_party(const config::Config& config, const Claims& claims);

/// Ringme's client of a domain: what is configured, or its place in the file.
int client_id_of(const config::Config& config, const config::Domain& domain);

}  // namespace patchbay::ringme
