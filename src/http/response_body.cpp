#include "http/response_body.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "http/gzip.hpp"
#include "http/response_head.hpp"

namespace patchbay::http {
namespace {

constexpr std::size_t least_gzip = 1024;

void fill(Response& response) {
    if (!response.fill) return;
    try {
        const auto fill = std::move(response.fill);
        fill(response);
    } catch (const std::exception& fault) {
        log::error("http", "a response could not be made: {}", fault.what());
        response = text_response(500, "The answer could not be made");
    }
}

bool is_packed(const Response& response) {
    return std::ranges::any_of(response.headers,
                               [](const auto& header) { return iequals(header.first, "Content-Encoding"); });
}

}  // namespace

void finish_body(const Request& request, Response& response) {
    fill(response);
    if (response.file || response.body.size() <= least_gzip || !is_compressible(response.content_type))
        return;
    if (is_packed(response)) return;
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (!accepts_gzip(request.header("Accept-Encoding"))) return;
    auto packed = gzip(response.body);
    if (!packed) return;
    response.body = std::move(*packed);
    response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace patchbay::http
