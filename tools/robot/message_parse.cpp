#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "message.hpp"

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

}  // namespace

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

}  // namespace patchbay::robot
