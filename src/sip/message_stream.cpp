#include "sip/message_stream.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace patchbay::sip {
namespace {

constexpr std::string_view line_end = "\r\n", head_end = "\r\n\r\n";

/// One header line's name and value, and where the value stands.
struct Line {
    std::string_view name, value;
};

/// Calls `look` with each header line until it returns true. `head` is without the blank line.
template <typename Look>
void each_line(std::string_view head, const Look& look) {
    for (auto at = head.find(line_end); at != std::string_view::npos;) {
        at += line_end.size();
        const auto end = std::min(head.find(line_end, at), head.size());
        const auto line = head.substr(at, end - at);
        const auto colon = line.find(':');
        if (colon != std::string_view::npos &&
            look(Line{trim(line.substr(0, colon)), line.substr(colon + 1)}))
            return;
        at = head.find(line_end, at);
    }
}

struct Length {
    bool said = false, readable = true;
    std::size_t bytes = 0;
};

Length content_length(std::string_view head) {
    Length length;
    each_line(head, [&](const Line& line) {
        if (!iequals(line.name, "Content-Length") && !iequals(line.name, "l")) return false;
        const auto number = to_number(trim(line.value));
        length.said = true;
        length.readable = number && *number >= 0;
        if (length.readable) length.bytes = static_cast<std::size_t>(*number);
        return true;
    });
    return length;
}

}  // namespace

std::optional<std::string> MessageStream::next() {
    if (broken_) return std::nullopt;
    // Line ends between messages keep a connection alive (RFC 5626, section 3.5.1).
    waiting_.erase(0, std::min(waiting_.find_first_not_of("\r\n"), waiting_.size()));
    const auto end = waiting_.find(head_end);
    if (end == std::string::npos) {
        broken_ = waiting_.size() > longest_;
        return std::nullopt;
    }
    const auto length = content_length(std::string_view(waiting_).substr(0, end));
    const std::size_t head = end + head_end.size();
    broken_ = !length.readable || head > longest_ || length.bytes > longest_ - head;
    if (broken_ || waiting_.size() - head < length.bytes) return std::nullopt;
    std::string message = waiting_.substr(0, head + length.bytes);
    waiting_.erase(0, message.size());
    return message;
}

std::string with_transport(std::string_view message, std::string_view transport) {
    std::string out(message);
    each_line(message.substr(0, message.find(head_end)), [&](const Line& line) {
        if (!iequals(line.name, "Via") && !iequals(line.name, "v")) return false;
        const auto version = line.value.find('/');
        const auto before = version == std::string_view::npos ? version : line.value.find('/', version + 1);
        if (before == std::string_view::npos) return true;
        const auto begin = std::min(line.value.find_first_not_of(" \t", before + 1), line.value.size());
        const auto end = std::min(line.value.find_first_of(" \t", begin), line.value.size());
        const auto at = static_cast<std::size_t>(line.value.data() - message.data()) + begin;
        out.replace(at, end - begin, transport);
        return true;
    });
    return out;
}

std::optional<std::string> with_length(std::string_view message) {
    const auto end = message.find(head_end);
    if (end == std::string_view::npos) return std::nullopt;
    const auto head = message.substr(0, end);
    const auto body = message.substr(end + head_end.size());
    const auto length = content_length(head);
    if (length.said) {
        if (!length.readable || length.bytes != body.size()) return std::nullopt;
        return std::string(message);
    }
    std::string out(head);
    out.append(line_end).append("Content-Length: ").append(std::to_string(body.size()));
    return out.append(head_end).append(body);
}

}  // namespace patchbay::sip
