// What waits to be sent on one WebSocket: the Socket that dialects hold. Any thread fills it, the
// connection's worker empties it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "http/http.hpp"

namespace patchbay::http {

/// Any thread. Outlives its connection: what is sent then is refused.
class SocketQueue final : public Socket {
  public:
    struct Closing {
        std::uint16_t code = 1000;
        std::string reason;
    };

    SocketQueue(std::size_t most_messages, std::size_t most_bytes)
        : most_messages_(most_messages), most_bytes_(most_bytes) {}

    bool send(std::string text) override;
    void close(std::uint16_t code, std::string_view reason) override;

    /// `on_news` is called, on any thread, when there is something new for the connection. It must
    /// not call back.
    void attach(std::function<void()> on_news);
    /// The connection has ended.
    void detach();

    /// The next message, or nothing.
    std::optional<std::string> take();
    /// Set once close() was called or too much waits.
    std::optional<Closing> closing() const;
    bool overflowed() const;

  private:
    void wake();  // with the mutex held

    const std::size_t most_messages_, most_bytes_;
    mutable std::mutex mutex_;
    std::function<void()> wake_;
    std::deque<std::string> waiting_;
    std::size_t bytes_ = 0;
    std::optional<Closing> closing_;
    bool overflowed_ = false;
    bool awake_ = false;  // the connection was woken and has not found the queue empty since
};

}  // namespace patchbay::http
