// A connection after its upgrade to WebSocket (RFC 6455). Private to http/.
#pragma once

#include <memory>

#include "http/http.hpp"
#include "http/socket_queue.hpp"

namespace patchbay::http {

class Slot;
class Stream;
class Worker;

/// What is wrong with an upgrade request to a socket of that subprotocol (empty: none), as the response that
/// says so; status 101: nothing.
Response check_upgrade(const Request& request, std::string_view protocol);

/// Answers 101, naming the subprotocol, and serves the socket from now on. Worker's thread.
void serve_socket(Worker& worker, Slot slot, std::unique_ptr<Stream> stream, const Request& request,
                  std::string_view protocol, std::shared_ptr<SocketQueue> queue,
                  std::unique_ptr<SocketListener> listener);

}  // namespace patchbay::http
