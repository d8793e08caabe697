#include "message.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "base/text.hpp"

namespace patchbay::robot {

namespace {

constexpr std::array<std::pair<char, std::string_view>, 11> compact_names{{{'v', "Via"},
                                                                           {'f', "From"},
                                                                           {'t', "To"},
                                                                           {'i', "Call-ID"},
                                                                           {'m', "Contact"},
                                                                           {'l', "Content-Length"},
                                                                           {'c', "Content-Type"},
                                                                           {'r', "Refer-To"},
                                                                           {'o', "Event"},
                                                                           {'k', "Supported"},
                                                                           {'x', "Session-Expires"}}};

std::string long_name(std::string_view name) {
    if (name.size() == 1) {
        const char letter = lower(name)[0];
        for (const auto& [compact, full] : compact_names)
            if (compact == letter) return std::string(full);
    }
    return std::string(name);
}

bool parse_start_line(std::string_view line, Message& message) {
    const auto words = split(line, ' ');
    if (words.size() < 2) return false;
    if (words[0] == "SIP/2.0") {
        const auto status = to_number(words[1]);
        if (!status || *status < 100 || *status > 699) return false;
        message.status = static_cast<int>(*status);
        const auto at = line.find(words[1]) + words[1].size();
        message.reason = trim(line.substr(at));
        return true;
    }
    if (words.size() != 3 || words[2] != "SIP/2.0") return false;
    message.method = words[0];
    message.uri = words[1];
    return true;
}

void parse_header_line(std::string_view line, Message& message) {
    if ((line.front() == ' ' || line.front() == '\t') && !message.headers.empty()) {
        message.headers.back().second += " " + std::string(trim(line));
        return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    message.headers.emplace_back(long_name(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
}

/// Splits a value at commas that are neither in quotes nor in angle brackets.
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

bool is_list(std::string_view name) {
    return iequals(name, "Via") || iequals(name, "Route") || iequals(name, "Record-Route") ||
           iequals(name, "Contact");
}

}  // namespace

std::string_view Message::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (iequals(key, name)) return value;
    return {};
}

std::vector<std::string> Message::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : headers) {
        if (!iequals(key, name)) continue;
        if (is_list(name))
            std::ranges::move(split_list(value), std::back_inserter(values));
        else
            values.push_back(value);
    }
    return values;
}

void Message::add(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
}

void Message::set(std::string_view name, std::string value) {
    for (auto& [key, old] : headers) {
        if (!iequals(key, name)) continue;
        old = std::move(value);
        return;
    }
    add(std::string(name), std::move(value));
}

void Message::remove(std::string_view name) {
    std::erase_if(headers, [&](const auto& header) { return iequals(header.first, name); });
}

unsigned Message::cseq() const {
    const auto number = to_number(split(header("CSeq"), ' ').front());
    return number && *number >= 0 ? static_cast<unsigned>(*number) : 0;
}

std::string Message::cseq_method() const {
    const auto words = split(header("CSeq"), ' ');
    return words.size() < 2 ? std::string() : std::string(trim(words.back()));
}

std::string Message::branch() const {
    const auto vias = all("Via");
    return vias.empty() ? std::string() : parameter_in(vias.front(), "branch").value_or("");
}

std::string Message::text() const {
    std::string out = is_request() ? fmt::format("{} {} SIP/2.0\r\n", method, uri)
                                   : fmt::format("SIP/2.0 {} {}\r\n", status, reason);
    for (const auto& [name, value] : headers)
        if (!iequals(name, "Content-Length")) out += fmt::format("{}: {}\r\n", name, value);
    out += fmt::format("Content-Length: {}\r\n\r\n", body.size());
    return out + body;
}

std::optional<Message> parse_message(std::string_view bytes) {
    Message message;
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    bool first = true;
    for (auto line : split(bytes.substr(0, end), '\n')) {
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (first) {
            if (!parse_start_line(line, message)) return std::nullopt;
            first = false;
        } else if (!line.empty()) {
            parse_header_line(line, message);
        }
    }
    message.body = bytes.substr(end + 4);
    if (const auto length = to_number(message.header("Content-Length")); length && *length >= 0)
        message.body.resize(std::min(message.body.size(), static_cast<std::size_t>(*length)));
    return message;
}

std::size_t whole_message(std::string_view stream) {
    const auto end = stream.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    std::size_t length = 0;
    for (const auto line : split(stream.substr(0, end), '\n')) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        if (!iequals(long_name(trim(line.substr(0, colon))), "Content-Length")) continue;
        const auto number = to_number(trim(line.substr(colon + 1)));
        if (number && *number >= 0) length = static_cast<std::size_t>(*number);
    }
    const auto total = end + 4 + length;
    return stream.size() >= total ? total : 0;
}

Message response_to(const Message& request, int status, std::string_view to_tag) {
    Message response;
    response.status = status;
    response.reason = phrase(status);
    for (const auto& [name, value] : request.headers) {
        if (iequals(name, "Via") || iequals(name, "From") || iequals(name, "Call-ID") ||
            iequals(name, "CSeq") || (iequals(name, "Record-Route") && status < 300)) {
            response.add(name, value);
        } else if (iequals(name, "To")) {
            const bool tagged = parameter_in(value, "tag").has_value() || to_tag.empty();
            response.add("To", tagged ? value : fmt::format("{};tag={}", value, to_tag));
        }
    }
    return response;
}

std::string_view phrase(int status) {
    constexpr std::array<std::pair<int, std::string_view>, 24> phrases{
        {{100, "Trying"},
         {180, "Ringing"},
         {183, "Session Progress"},
         {200, "OK"},
         {202, "Accepted"},
         {302, "Moved Temporarily"},
         {400, "Bad Request"},
         {401, "Unauthorized"},
         {403, "Forbidden"},
         {404, "Not Found"},
         {405, "Method Not Allowed"},
         {407, "Proxy Authentication Required"},
         {408, "Request Timeout"},
         {422, "Session Interval Too Small"},
         {480, "Temporarily Unavailable"},
         {481, "Call/Transaction Does Not Exist"},
         {486, "Busy Here"},
         {487, "Request Terminated"},
         {488, "Not Acceptable Here"},
         {491, "Request Pending"},
         {500, "Server Internal Error"},
         {501, "Not Implemented"},
         {503, "Service Unavailable"},
         {603, "Decline"}}};
    for (const auto& [code, text] : phrases)
        if (code == status) return text;
    return "Response";
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
