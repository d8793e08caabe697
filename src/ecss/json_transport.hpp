// Transport 3: JSON over a WebSocket, the vendor's newer interface.
#pragma once

#include <memory>

#include "ecss/services.hpp"
#include "http/http.hpp"

namespace patchbay::ecss {

/// Serves upgrades of /.
http::SocketHandler json_handler(std::shared_ptr<Services> services);

}  // namespace patchbay::ecss
