#include "sip/name_addr.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace patchbay::sip {
namespace {

constexpr std::size_t longest = 4096;

/// A quoted string at the front of `rest`, which is shortened by it.
std::optional<std::string> take_quoted(std::string_view& rest) {
    std::string out;
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return out;
        }
        if (rest[i] == '\\' && ++i == rest.size()) break;
        out += rest[i];
    }
    return std::nullopt;
}

/// `;name=value;name` up to the end.
bool take_parameters(std::string_view rest, NameAddr& into) {
    while (!(rest = trim(rest)).empty()) {
        if (rest.front() != ';') return false;
        rest.remove_prefix(1);
        const std::size_t end = std::min(rest.find_first_of("=;"), rest.size());
        std::string name = lower(trim(rest.substr(0, end)));
        rest.remove_prefix(end);
        std::string value;
        if (!rest.empty() && rest.front() == '=') {
            rest = trim(rest.substr(1));
            if (!rest.empty() && rest.front() == '"') {
                auto quoted = take_quoted(rest);
                if (!quoted) return false;
                value = std::move(*quoted);
            } else {
                const std::string_view token = rest.substr(0, rest.find(';'));
                value = trim(token);
                rest.remove_prefix(token.size());
            }
        }
        into.parameters.emplace_back(std::move(name), std::move(value));
    }
    return true;
}

std::optional<int> port_of(std::string_view text) {
    const auto number = to_number(text);
    if (!number || *number < 1 || *number > 65535) return std::nullopt;
    return static_cast<int>(*number);
}

}  // namespace

std::string_view NameAddr::parameter(std::string_view name) const {
    const auto found = std::ranges::find(parameters, name, &std::pair<std::string, std::string>::first);
    return found == parameters.end() ? std::string_view{} : found->second;
}

std::optional<NameAddr> parse_name_addr(std::string_view text) {
    text = trim(text);
    if (text.empty() || text.size() > longest) return std::nullopt;
    NameAddr read;
    if (text.front() == '"') {
        auto name = take_quoted(text);
        if (!name) return std::nullopt;
        read.display_name = std::move(*name);
    }
    const std::size_t open = text.find('<');
    if (open == std::string_view::npos) {
        if (!read.display_name.empty()) return std::nullopt;
        const std::size_t end = std::min(text.find(';'), text.size());
        read.uri = trim(text.substr(0, end));
        if (read.uri.empty() || !take_parameters(text.substr(end), read)) return std::nullopt;
        return read;
    }
    const std::string_view before = trim(text.substr(0, open));
    const std::size_t close = text.find('>', open);
    if (close == std::string_view::npos || (!read.display_name.empty() && !before.empty()))
        return std::nullopt;
    if (read.display_name.empty()) read.display_name = before;
    read.uri = trim(text.substr(open + 1, close - open - 1));
    if (read.uri.empty() || !take_parameters(text.substr(close + 1), read)) return std::nullopt;
    return read;
}

std::optional<UriParts> parse_uri(std::string_view uri) {
    const std::size_t colon = uri.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    UriParts parts;
    parts.scheme = uri.substr(0, colon);
    std::string_view rest = uri.substr(colon + 1);
    if (iequals(parts.scheme, "tel")) {
        parts.user = rest.substr(0, rest.find(';'));
        return parts.user.empty() ? std::nullopt : std::optional{parts};
    }
    if (!iequals(parts.scheme, "sip") && !iequals(parts.scheme, "sips")) return std::nullopt;

    if (const std::size_t at = rest.find('@'); at != std::string_view::npos) {
        parts.user = rest.substr(0, std::min(rest.find_first_of(":;"), at));
        rest.remove_prefix(at + 1);
    }
    rest = rest.substr(0, rest.find_first_of(";?"));
    if (!rest.empty() && rest.front() == '[') {
        const std::size_t close = rest.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        parts.host = rest.substr(1, close - 1);
        rest.remove_prefix(close + 1);
    } else {
        parts.host = rest.substr(0, rest.find(':'));
        rest.remove_prefix(parts.host.size());
    }
    if (parts.host.empty()) return std::nullopt;
    if (rest.empty()) return parts;
    const auto port = rest.front() == ':' ? port_of(rest.substr(1)) : std::nullopt;
    if (!port) return std::nullopt;
    parts.port = *port;
    return parts;
}

std::string unescaped(std::string_view text) {
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        const int low = c | 0x20;
        return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

}  // namespace patchbay::sip
