// Response → the bytes of its head (RFC 9112, section 4).
#pragma once

#include <string>
#include <string_view>

#include "http/http.hpp"

namespace patchbay::http {

/// The reason phrase; "Unknown" for a status that has none.
std::string_view reason_phrase(int status);

struct HeadOptions {
    std::string_view date;  ///< the Date header's value
    bool close = false;     ///< the connection ends after this response
    bool http_1_0_keep_alive = false;
};

/// Writes status line and headers, empty line included, to the end of `out`. Content-Length is the body's,
/// even when the body itself is not sent (HEAD). Line breaks in header values are left out: nobody's text can
/// add a header.
void append_head(std::string& out, const Response& response, const HeadOptions& options);

/// True when a response of that status has a body (RFC 9110, section 6.4.1).
bool has_body(int status);

/// A response of plain text, as the server itself gives for what never reached a dialect.
Response text_response(int status, std::string_view text);

}  // namespace patchbay::http
