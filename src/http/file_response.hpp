// A file as the answer to GET and HEAD: whole, or the part that was asked for (RFC 9110, section 14).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "http/http.hpp"

namespace patchbay::http {

/// A part of something `size` bytes long, its last byte included.
struct ByteRange {
    std::uint64_t first = 0, last = 0;
};

/// What a Range header asks for. `whole`: it is to be ignored (another unit, several ranges, bad syntax);
/// `none`: no byte of it is there, which is 416.
struct WantedRange {
    enum class Kind : std::uint8_t { whole, part, none } kind = Kind::whole;
    ByteRange range;
};
WantedRange read_range(std::string_view header, std::uint64_t size);

/// 200, 206, 304, 404 or 416. The file must not change while it is served: its size and time make the ETag.
Response file_response(const Request& request, const std::filesystem::path& path, std::string content_type);

}  // namespace patchbay::http
