// The HTTP and WebSocket server (RFC 9112, 6455), plain or TLS. Handlers and their contract: http.hpp.
#pragma once

#include <cstdint>
#include <memory>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "http/http.hpp"

namespace patchbay::http {

/// How long clients may take and how much may wait for them. What config::Http sets is not repeated here.
struct Limits {
    Milliseconds header_timeout{10'000};       ///< from a request's first byte to the end of its header
    Milliseconds body_timeout{30'000};         ///< for the body
    Milliseconds write_timeout{30'000};        ///< to take a response, and 1 s more for every 64 KB of it
    Milliseconds answer_timeout{60'000};       ///< for a handler to answer; then 504
    Milliseconds ping_after{20'000};           ///< of silence on a WebSocket
    Milliseconds dead_after{60'000};           ///< a WebSocket that is silent so long is closed
    Milliseconds close_timeout{5'000};         ///< for handshakes and orderly closes
    Milliseconds check_every{250};             ///< how often time limits are looked at
    std::size_t socket_queue_messages = 1024;  ///< that may wait for one WebSocket
    std::size_t socket_queue_bytes = 4 * 1024 * 1024;
    std::size_t socket_message = 1024 * 1024;  ///< bytes of a received message; more closes with 1009
};

/// start(), stop() and the destructor belong to one thread, which is none of the server's own.
class Server {
  public:
    Server(config::Http settings, Router router, Limits limits = {});
    ~Server();  // NOLINT(bugprone-exception-escape): only want of memory could throw
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Listens and serves from now on. Throws std::runtime_error when the address cannot be bound or the TLS
    /// files cannot be read.
    void start();
    /// Takes no new connections, lets requests under way be answered, closes WebSockets with 1001, and
    /// returns when all are gone or after `deadline`. Later answers are dropped.
    void stop(Milliseconds deadline = Milliseconds{5'000});
    /// Serves new connections with these files from now on; those that stand keep theirs. Error `tls_files`:
    /// they cannot be used, and the old ones stay. Only where TLS was on from the start. Any thread.
    Result<Done> renew_tls(const config::TlsFiles& files);
    /// The port that is listened on, also when the settings said 0. After start().
    std::uint16_t port() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::http
