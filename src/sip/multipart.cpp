#include "sip/multipart.hpp"

#include <cstddef>
#include <string>

#include "base/text.hpp"

namespace patchbay::sip {
namespace {

constexpr std::size_t longest_boundary = 70;  // RFC 2046, section 5.1.1
constexpr auto none = std::string_view::npos;

/// Where the delimiter next stands at the beginning of a line.
std::size_t find_delimiter(std::string_view body, std::string_view delimiter, std::size_t from) {
    for (auto at = body.find(delimiter, from); at != none; at = body.find(delimiter, at + 1)) {
        if (at == 0 || body[at - 1] == '\n') return at;
    }
    return none;
}

/// Takes a line and its end off the text.
std::string_view next_line(std::string_view& text) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == none ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// The type in a Content-Type line, without parameters; empty for any other line.
std::string_view type_in(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == none) return {};
    const auto name = trim(line.substr(0, colon));
    if (!iequals(name, "Content-Type") && !iequals(name, "c")) return {};
    const auto value = line.substr(colon + 1);
    return trim(value.substr(0, value.find(';')));
}

/// The content of a part when its headers say it is of that type.
std::optional<std::string_view> content_of(std::string_view part, std::string_view type) {
    bool wanted = false;
    while (!part.empty()) {
        const auto line = next_line(part);
        if (line.empty()) break;
        if (iequals(type_in(line), type)) wanted = true;
    }
    if (!wanted) return std::nullopt;
    return part;
}

}  // namespace

std::optional<std::string_view> part_of(std::string_view body, std::string_view boundary,
                                        std::string_view type) {
    if (boundary.empty() || boundary.size() > longest_boundary) return std::nullopt;
    const auto delimiter = "--" + std::string(boundary);
    for (auto at = find_delimiter(body, delimiter, 0); at != none;) {
        auto rest = body.substr(at + delimiter.size());
        if (rest.starts_with("--")) break;
        next_line(rest);
        const auto begin = body.size() - rest.size();
        const auto end = find_delimiter(body, delimiter, begin);
        if (end == none) break;
        auto part = body.substr(begin, end - begin);
        // The line end before a delimiter is the delimiter's.
        if (part.ends_with('\n')) part.remove_suffix(1);
        if (part.ends_with('\r')) part.remove_suffix(1);
        if (const auto content = content_of(part, type)) return content;
        at = end;
    }
    return std::nullopt;
}

}  // namespace patchbay::sip
