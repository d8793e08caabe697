#include "http/response_body.hpp"

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
    for (const auto& [name, value] : response.headers) {
        if (iequals(name, "Content-Encoding")) return true;
    }
    return false;
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
