// The last steps of a response's body before it is written.
#pragma once

#include "http/http.hpp"

namespace patchbay::http {

/// Has the body filled in (Response::fill) and, where it is long enough and the client takes it, packed with
/// gzip. HTTP thread. What fails makes it a 500.
void finish_body(const Request& request, Response& response);

}  // namespace patchbay::http
