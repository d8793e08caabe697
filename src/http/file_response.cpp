#include "http/file_response.hpp"

#include <algorithm>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/text.hpp"
#include "http/response_head.hpp"

namespace patchbay::http {
namespace {

/// A whole number of digits alone.
std::optional<std::uint64_t> digits(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
    const auto value = to_number(text);
    if (!value) return std::nullopt;
    return static_cast<std::uint64_t>(*value);
}

bool names_tag(std::string_view header, std::string_view tag) {
    for (auto part : split(header, ',')) {
        part = trim(part);
        if (part == "*" || part == tag || (part.starts_with("W/") && part.substr(2) == tag)) return true;
    }
    return false;
}

}  // namespace

WantedRange read_range(std::string_view header, std::uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    using Kind = WantedRange::Kind;
    if (!header.starts_with(unit) || header.find(',') != std::string_view::npos) return {};
    const auto range = trim(header.substr(unit.size()));
    const auto dash = range.find('-');
    if (dash == std::string_view::npos) return {};
    const auto first = digits(range.substr(0, dash)), last = digits(range.substr(dash + 1));
    if (dash == 0) {
        if (!last) return {};
        if (*last == 0 || size == 0) return {Kind::none, {}};
        return {Kind::part, {size - std::min(*last, size), size - 1}};
    }
    const bool open_end = dash + 1 == range.size();
    if (!first || (!last && !open_end) || (last && *last < *first)) return {};
    if (*first >= size) return {Kind::none, {}};
    return {Kind::part, {*first, last ? std::min(*last, size - 1) : size - 1}};
}

Response file_response(const Request& request, const std::filesystem::path& path, std::string content_type) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat facts {};
    if (!file || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
        return text_response(404, "There is nothing at this address");
    }
    const auto size = static_cast<std::uint64_t>(facts.st_size);
    const auto tag =
        fmt::format("\"{:x}-{:x}\"", size, facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec);
    Response response{200, std::move(content_type), {}, {{"Accept-Ranges", "bytes"}, {"ETag", tag}}};
    const auto known = request.header("If-None-Match");
    if (!known.empty() && names_tag(known, tag)) {
        response.status = 304;
        return response;
    }
    WantedRange wanted;
    const auto same = request.header("If-Range");
    if (same.empty() || same == tag) wanted = read_range(request.header("Range"), size);
    ByteRange sent{0, size == 0 ? 0 : size - 1};
    if (wanted.kind == WantedRange::Kind::none) {
        auto refusal = text_response(416, "The file is shorter than that");
        refusal.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
        return refusal;
    }
    if (wanted.kind == WantedRange::Kind::part) {
        sent = wanted.range;
        response.status = 206;
        response.headers.emplace_back("Content-Range",
                                      fmt::format("bytes {}-{}/{}", sent.first, sent.last, size));
    }
    const auto length = size == 0 ? 0 : sent.last - sent.first + 1;
    response.file = std::make_shared<FilePart>(FilePart{std::move(file), sent.first, length});
    return response;
}

}  // namespace patchbay::http
