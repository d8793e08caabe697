// The login session that a WebSocket's client works in, and what it hears of: both end together.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "ecss/access.hpp"
#include "ecss/conversation_feed.hpp"
#include "ecss/desk_feed.hpp"

namespace patchbay::ecss {

/// A client's places in the feeds; either may be none.
struct Places {
    std::unique_ptr<ConversationFeed::Place> conversations;
    std::unique_ptr<DeskFeed::Place> desk;
};

/// How a session is left: those of HTTP requests go on, others end.
enum class Leaving : std::uint8_t { goes_on, ends };

/// Any thread. `access` outlives it.
class SocketSession {
  public:
    /// Called under the session's lock.
    using Listen = std::function<Places(const LoginSessionPtr&)>;

    explicit SocketSession(Access& access) : access_(access) {}
    ~SocketSession() { close(); }
    SocketSession(const SocketSession&) = delete;
    SocketSession& operator=(const SocketSession&) = delete;

    /// Works in that session from now on, no longer in the last one; in none when the connection has closed.
    /// `token` names it among the open sessions; empty: it is of this connection alone.
    void enter(LoginSessionPtr session, std::string token, Leaving leaving, const Listen& listen);
    /// Hears of something else from now on; nothing happens without a session.
    void listen(const Listen& listen);
    /// Logs out: the session ends, whosever it is.
    void log_out();
    /// The connection has closed.
    void close();

    /// Who works in it. Error: `not_authorized`.
    Result<Caller> caller();

  private:
    void leave();

    Access& access_;
    std::mutex mutex_;
    bool closed_ = false;
    LoginSessionPtr session_;
    std::string token_;
    Leaving leaving_ = Leaving::ends;
    Places places_;
};

}  // namespace patchbay::ecss
