#include "header_value.hpp"

#include "base/text.hpp"

namespace patchbay::robot {

namespace {

/// What follows a quoted display name, which may hold any character that means something after it.
std::string_view after_quoted(std::string_view value) {
    if (!value.starts_with('"')) return value;
    for (std::size_t i = 1; i < value.size(); ++i) {
        if (value[i] == '\\')
            ++i;
        else if (value[i] == '"')
            return value.substr(i + 1);
    }
    return value;
}

}  // namespace

std::vector<std::string> split_list(std::string_view value) {
    std::vector<std::string> parts;
    bool quoted = false, bracketed = false;
    std::size_t start = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (c == '"') quoted = !quoted;
        if (c == '<' && !quoted) bracketed = true;
        if (c == '>' && !quoted) bracketed = false;
        if (c == ',' && !quoted && !bracketed) {
            parts.emplace_back(trim(value.substr(start, i - start)));
            start = i + 1;
        }
    }
    parts.emplace_back(trim(value.substr(start)));
    return parts;
}

std::string uri_in(std::string_view value) {
    value = after_quoted(value);
    const auto open = value.find('<');
    if (open == std::string_view::npos) return std::string(trim(value.substr(0, value.find(';'))));
    const auto close = value.find('>', open);
    return std::string(value.substr(open + 1, close == std::string_view::npos ? close : close - open - 1));
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string display_name_in(std::string_view value) {
    value = trim(value);
    if (!value.starts_with('"')) {
        const auto open = value.find('<');
        return open == std::string_view::npos ? std::string() : std::string(trim(value.substr(0, open)));
    }
    std::string name;
    for (std::size_t i = 1; i < value.size() && value[i] != '"'; ++i) {
        if (value[i] == '\\' && i + 1 < value.size()) ++i;
        name += value[i];
    }
    return name;
}

std::optional<std::string> parameter_in(std::string_view value, std::string_view name) {
    value = after_quoted(value);
    if (const auto close = value.find('>'); close != std::string_view::npos) value = value.substr(close + 1);
    const auto parts = split(value, ';');
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const auto equals = parts[i].find('=');
        if (!iequals(trim(parts[i].substr(0, equals)), name)) continue;
        return equals == std::string_view::npos ? std::string()
                                                : std::string(trim(parts[i].substr(equals + 1)));
    }
    return std::nullopt;
}

std::string user_in(std::string_view uri) {
    const auto colon = uri.find(':');
    const auto at = uri.find('@');
    if (at == std::string_view::npos || colon == std::string_view::npos || colon > at) return {};
    return std::string(uri.substr(colon + 1, at - colon - 1));
}

config::Endpoint endpoint_in(std::string_view uri) {
    if (const auto at = uri.find('@'); at != std::string_view::npos)
        uri.remove_prefix(at + 1);
    else if (const auto colon = uri.find(':'); colon != std::string_view::npos)
        uri.remove_prefix(colon + 1);
    uri = uri.substr(0, uri.find_first_of(";?>"));
    const auto colon = uri.rfind(':');
    const auto port = colon == std::string_view::npos ? std::nullopt : to_number(uri.substr(colon + 1));
    return {std::string(uri.substr(0, colon)), static_cast<std::uint16_t>(port.value_or(5060))};
}

}  // namespace patchbay::robot
