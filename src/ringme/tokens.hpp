// Bearer tokens: signed, so that nothing is kept and they survive a restart; opaque to clients.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace patchbay::ringme {

/// Whom a token stands for.
struct Claims {
    enum class User : std::uint8_t { none, phone, person };

    std::string domain;
    std::string application;  ///< empty: a user without one
    User kind = User::none;
    std::string user;  ///< the extension's number or the operator's id
    std::string scope;
    Time expires{};
};

/// Thread-safe.
class Tokens {
  public:
    /// The secrets of whom the claims name; nothing when there is no such application or user any more. A
    /// token ends when they change.
    using Secret = std::function<std::optional<std::string>(const Claims&)>;

    /// `key`: 32 random bytes.
    explicit Tokens(std::string key) : key_(std::move(key)) {}

    std::string issue(const Claims& claims, std::string_view secret) const;
    /// The claims of a token that is ours, in time, and whose secret is still the same.
    std::optional<Claims> read(std::string_view token, Time now, const Secret& secret) const;

  private:
    std::string sign(std::string_view payload, std::string_view secret) const;

    const std::string key_;
};

}  // namespace patchbay::ringme
