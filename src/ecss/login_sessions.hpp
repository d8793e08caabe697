// Who is logged in: the login sessions that cookies name and sockets hold.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"

namespace patchbay::ecss {

/// One login of one operator. Shared by the table and the sockets that use it; ends once, for all of them.
/// Any thread.
class LoginSession {
  public:
    LoginSession(std::string domain_of, std::string operator_of);
    ~LoginSession();
    LoginSession(const LoginSession&) = delete;
    LoginSession& operator=(const LoginSession&) = delete;

    const std::string domain;
    const std::string operator_id;

    bool ended() const { return ended_; }
    void end() { ended_ = true; }

  private:
    friend class LoginSessions;
    std::atomic<bool> ended_ = false;
    std::atomic<int> sockets_ = 0;
    std::atomic<Ticks::rep> used_ = 0;
};

using LoginSessionPtr = std::shared_ptr<LoginSession>;

/// The sessions that are named by a token, which only their client knows. Bounded: an operator's oldest
/// unused one makes room for a new one. Any thread.
class LoginSessions {
  public:
    static constexpr std::size_t most_per_operator = 16;
    static constexpr std::size_t most = 20'000;

    LoginSessions(std::function<Ticks()> ticks, Seconds idle_timeout);

    struct Opened {
        std::string token;  ///< 32 hex digits of 128 random bits
        LoginSessionPtr session;
    };
    /// Error `too_many_attempts` when all places are taken.
    Result<Opened> open(std::string domain, std::string operator_id);
    /// The live session of that token, whose idle time begins anew; null when there is none.
    LoginSessionPtr find(std::string_view token);
    /// A socket uses the session from now on, which keeps it from idling out; or no more.
    void hold(LoginSession& session) { ++session.sockets_; }
    void release(LoginSession& session);
    /// Ends it; a token that is not known changes nothing.
    void close(std::string_view token);

    Seconds idle_timeout() const { return idle_timeout_; }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    template <typename Value>
    using Table = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

    bool expired(const LoginSession& session) const;
    void remove(Table<LoginSessionPtr>::iterator place);
    void sweep();
    void make_room(std::string_view owner);

    const std::function<Ticks()> ticks_;
    const Seconds idle_timeout_;
    std::mutex mutex_;
    Ticks swept_{0};
    Table<LoginSessionPtr> by_token_;
    Table<std::deque<std::string>> tokens_of_;  ///< by domain and operator, oldest first
};

}  // namespace patchbay::ecss
