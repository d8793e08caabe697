// Compression of response bodies (RFC 1952).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::http {

/// True when an Accept-Encoding value takes gzip with a weight above zero (RFC 9110, section 12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

/// True for the kinds of content that shrink: text, JSON, XML, scripts.
bool is_compressible(std::string_view content_type);

/// The gzip member of `content`; nothing when zlib refuses (no memory).
std::optional<std::string> gzip(std::string_view content);

}  // namespace patchbay::http
