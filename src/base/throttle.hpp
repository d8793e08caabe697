// Slows down whoever guesses passwords: counts what was wrong, by address (or phone) and login.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"

namespace patchbay {

/// Any thread. Bounded: when very many addresses fail at once, the counts of all begin anew.
class Throttle {
  public:
    static constexpr int most_of_login = 10;  ///< wrong passwords of one login from one address in a window
    static constexpr int most_of_address = 100;  ///< wrong passwords from one address in a window
    static constexpr Seconds window{60};

    explicit Throttle(std::function<Ticks()> ticks) : ticks_(std::move(ticks)) {}

    /// May that address try that login now? When not, not even the right password is looked at.
    bool allows(std::string_view address, std::string_view login);
    void count_failure(std::string_view address, std::string_view login);

  private:
    struct Count {
        Ticks since{};
        int failures = 0;
    };
    bool below(const std::string& key, int most);
    void add(std::string key);

    const std::function<Ticks()> ticks_;
    std::mutex mutex_;
    std::unordered_map<std::string, Count> counts_;
};

}  // namespace patchbay
