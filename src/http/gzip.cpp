#include "http/gzip.hpp"

#include <algorithm>
#include <array>

#include <zlib.h>

#include "base/text.hpp"

namespace patchbay::http {
namespace {

// The weight is zero: "q=0", "q=0.0", "q=0.000".
bool is_refused(std::string_view parameters) {
    for (auto parameter : split(parameters, ';')) {
        parameter = trim(parameter);
        if (!iequals(parameter.substr(0, 2), "q=")) continue;
        return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
    }
    return false;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
    if (accept_encoding.empty()) return false;
    bool any = false;
    for (const auto item : split(accept_encoding, ',')) {
        const auto semicolon = item.find(';');
        const auto coding = trim(item.substr(0, semicolon));
        const auto parameters =
            semicolon == std::string_view::npos ? std::string_view{} : item.substr(semicolon + 1);
        if (iequals(coding, "gzip") || iequals(coding, "x-gzip")) return !is_refused(parameters);
        if (coding == "*") any = !is_refused(parameters);
    }
    return any;
}

bool is_compressible(std::string_view content_type) {
    static constexpr std::array kinds{
        std::string_view{"text/"}, std::string_view{"application/json"}, std::string_view{"application/xml"},
        std::string_view{"application/javascript"}, std::string_view{"image/svg+xml"}};
    return std::ranges::any_of(
        kinds, [&](std::string_view kind) { return iequals(content_type.substr(0, kind.size()), kind); });
}

std::optional<std::string> gzip(std::string_view content) {
    constexpr int gzip_window = 15 + 16;  // zlib's way to ask for the gzip wrapper
    constexpr int memory_level = 8;
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
        return std::nullopt;
    }
    std::string out(deflateBound(&stream, content.size()), '\0');
    // zlib never writes to its input; its C interface only lacks the const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END) return std::nullopt;
    return out;
}

}  // namespace patchbay::http
