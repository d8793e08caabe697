// Transport 1: XML in POST requests.
#pragma once

#include <memory>

#include "ecss/services.hpp"
#include "http/http.hpp"

namespace patchbay::ecss {

/// Serves POST /{domain}/service/cc/arm/{command}.
http::Handler http_handler(std::shared_ptr<Services> services);

/// Who asks, by the session's cookie or HTTP Basic.
Result<Caller> identify(Services& services, const http::Request& request, const config::Domain& domain);

/// The login session's token in the request's cookie; empty when there is none.
std::string_view session_token(const http::Request& request);

}  // namespace patchbay::ecss
