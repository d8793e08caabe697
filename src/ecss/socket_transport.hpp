// Transport 2: frames over a WebSocket.
#pragma once

#include <memory>

#include "ecss/services.hpp"
#include "http/http.hpp"

namespace patchbay::ecss {

/// Serves upgrades of /{domain}/service/cc/arm.
http::SocketHandler socket_handler(std::shared_ptr<Services> services);

}  // namespace patchbay::ecss
