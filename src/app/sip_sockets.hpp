// SIP over WebSocket (RFC 7118): from the HTTP server's sockets to SIP's bridge.
#pragma once

#include <string>

#include "http/http.hpp"
#include "sip/bridge.hpp"

namespace patchbay::app {

/// Serves SIP at that path of the HTTP server; an empty one: nowhere. `bridge` outlives the router.
void add_sip_socket(http::Router& router, const std::string& path, sip::Bridge& bridge);

}  // namespace patchbay::app
