#include "http/url.hpp"

#include <vector>

#include "base/text.hpp"

namespace patchbay::http {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// "http://host:port/path" → "/path".
std::string_view without_authority(std::string_view text) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!iequals(text.substr(0, scheme.size()), scheme)) continue;
        const auto slash = text.find('/', scheme.size());
        return slash == std::string_view::npos ? std::string_view{"/"} : text.substr(slash);
    }
    return text;
}

bool is_plain(std::string_view path) {
    return path.find("//") == std::string_view::npos && path.find("/.") == std::string_view::npos &&
           path.find('%') == std::string_view::npos;
}

// Resolves dot segments, written plainly or as %2e, and drops empty ones (RFC 3986, section 5.2.4).
bool make_plain(std::string_view path, Target& target) {
    std::vector<std::pair<std::string_view, std::string>> kept;
    const auto segments = split(path.substr(1), '/');
    bool folder = false;
    for (const auto segment : segments) {
        auto decoded = percent_decode(segment);
        if (!decoded) return false;
        folder = decoded->empty() || *decoded == "." || *decoded == "..";
        if (*decoded == ".." && kept.empty()) return false;
        if (*decoded == "..") kept.pop_back();
        if (!folder) kept.emplace_back(segment, std::move(*decoded));
    }
    for (const auto& [encoded, decoded] : kept) {
        target.encoded.append("/").append(encoded);
        target.path.append("/").append(decoded);
    }
    if (kept.empty() || folder) {
        target.encoded += '/';
        target.path += '/';
    }
    return true;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool form) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '+' && form) c = ' ';
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        out += c;
    }
    return out;
}

std::optional<Target> parse_target(std::string_view text) {
    Target target;
    if (text == "*") {
        target.encoded = target.path = "*";
        return target;
    }
    text = without_authority(text);
    text = text.substr(0, text.find('#'));
    if (const auto mark = text.find('?'); mark != std::string_view::npos) {
        target.query = text.substr(mark + 1);
        text = text.substr(0, mark);
    }
    if (text.empty() || text.front() != '/') return std::nullopt;
    if (is_plain(text)) {
        target.encoded = target.path = text;
        return target;
    }
    if (!make_plain(text, target)) return std::nullopt;
    return target;
}

std::optional<std::string> form_value(std::string_view form, std::string_view name) {
    for (const auto pair : split(form, '&')) {
        const auto equals = pair.find('=');
        const auto key = percent_decode(pair.substr(0, equals), true);
        if (!key || *key != name) continue;
        if (equals == std::string_view::npos) return std::string{};
        return percent_decode(pair.substr(equals + 1), true);
    }
    return std::nullopt;
}

}  // namespace patchbay::http
