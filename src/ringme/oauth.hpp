// POST /oauth/token (RFC 6749): client_credentials and password.
#pragma once

#include <functional>

#include "config/config.hpp"
#include "http/http.hpp"
#include "ringme/rate_limit.hpp"
#include "ringme/tokens.hpp"

namespace patchbay::ringme {

/// Thread-safe. Addresses that fail too often are told to wait (429).
class TokenEndpoint {
  public:
    TokenEndpoint(std::function<config::ConfigPtr()> config, std::function<Time()> now, const Tokens& tokens)
        : config_(std::move(config)), now_(std::move(now)), tokens_(tokens) {}

    http::Response answer(const http::Request& request);

  private:
    http::Response grant(const http::Request& request);

    std::function<config::ConfigPtr()> config_;
    std::function<Time()> now_;
    const Tokens& tokens_;
    RateLimit failures_;
};

}  // namespace patchbay::ringme
