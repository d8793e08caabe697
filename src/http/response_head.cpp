#include "http/response_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace patchbay::http {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 37> phrases{{
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
}};

void append_number(std::string& out, std::size_t value) {
    std::array<char, 20> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out.append(digits.data(), end);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    const auto is_safe = [](char c) { return c != '\r' && c != '\n' && c != '\0'; };
    std::ranges::copy_if(name, std::back_inserter(out), is_safe);
    out += ": ";
    std::ranges::copy_if(value, std::back_inserter(out), is_safe);
    out += "\r\n";
}

}  // namespace

std::string_view reason_phrase(int status) {
    const auto found =
        std::ranges::lower_bound(phrases, status, {}, &std::pair<int, std::string_view>::first);
    return found != phrases.end() && found->first == status ? found->second : "Unknown";
}

bool has_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

void append_head(std::string& out, const Response& response, const HeadOptions& options) {
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(response.status));
    out.append(" ")
        .append(reason_phrase(response.status))
        .append("\r\nDate: ")
        .append(options.date)
        .append("\r\n");
    if (!response.content_type.empty() && has_body(response.status)) {
        append_header(out, "Content-Type", response.content_type);
    }
    for (const auto& [name, value] : response.headers) append_header(out, name, value);
    if (has_body(response.status)) {
        out += "Content-Length: ";
        append_number(out, response.file ? response.file->length : response.body.size());
        out += "\r\n";
    }
    if (options.close) {
        out += "Connection: close\r\n";
    } else if (options.http_1_0_keep_alive) {
        out += "Connection: keep-alive\r\n";
    }
    out += "\r\n";
}

Response text_response(int status, std::string_view text) {
    Response response{status, "text/plain; charset=utf-8", std::string(text), {}};
    response.body += '\n';
    return response;
}

}  // namespace patchbay::http
