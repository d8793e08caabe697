// One client of the WebSocket transport: who it is, its frames, its events.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ecss/frame.hpp"
#include "ecss/services.hpp"
#include "ecss/socket_session.hpp"
#include "http/http.hpp"

namespace patchbay::ecss {

/// Shared by its connection and by the commands under way, whose answers come on other threads. Any thread.
class SocketClient : public std::enable_shared_from_this<SocketClient> {
  public:
    SocketClient(std::shared_ptr<Services> services, http::SocketPtr socket, std::string domain,
                 std::string address);

    /// Works in that session from now on, and hears its events.
    void enter(const Caller& caller, LoginSessionPtr session, Leaving leaving, const Resume& resume);
    /// One message of the connection.
    void take(std::string_view message);
    void close() { session_.close(); }

  private:
    struct Ask {
        std::string id;
        std::string command;
        const CommandKind* kind = nullptr;
    };
    void serve(const Ask& ask, std::string_view json);
    Result<Request> read(const CommandKind& kind, std::string_view json);
    void log_in(const Ask& ask, const LoginRequest& request);
    void log_out(const Ask& ask);
    void answer(const Ask& ask, const Answer& reply);
    void fault(const FrameFault& wrong);

    const std::shared_ptr<Services> services_;
    const http::SocketPtr socket_;
    const std::string domain_, address_;
    SocketSession session_;
};

}  // namespace patchbay::ecss
