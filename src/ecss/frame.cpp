#include "ecss/frame.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace patchbay::ecss {
namespace {

constexpr std::string_view version = "01";
constexpr std::size_t length_digits = 10;
constexpr std::size_t id_digits = 4;
constexpr std::size_t status_digits = 3;
constexpr std::size_t command_width = 32;
constexpr std::size_t header = version.size() + length_digits + id_digits;

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::variant<RequestFrame, FrameFault> parse_request(std::string_view message) {
    // A frame pasted from the manual may bring the line break before it along.
    while (message.starts_with('\r') || message.starts_with('\n')) message.remove_prefix(1);
    if (!message.starts_with(version)) {
        return FrameFault{{}, "version", "A frame begins with the version 01."};
    }
    if (message.size() < header) {
        return FrameFault{
            {}, "short_header", "The frame ends within its header: 01, 10 digits of length, 4 of id."};
    }
    const auto length = message.substr(version.size(), length_digits);
    const auto id = message.substr(version.size() + length_digits, id_digits);
    if (!all_digits(id)) return FrameFault{{}, "id", "The request's id is not four digits."};
    if (!all_digits(length)) return FrameFault{id, "length", "The frame's length is not ten digits."};

    const auto rest = message.substr(header);
    const auto json = rest.find('[');
    const auto field = rest.substr(0, json);
    RequestFrame frame{.id = id,
                       .command = field.substr(0, field.find_first_of(std::string_view("\0 \r\n\t", 5)))};
    if (frame.command.empty()) return FrameFault{id, "no_command", "The frame names no command."};
    if (frame.command.size() > command_width) {
        return FrameFault{id, "long_command", "The frame's command is longer than 32 bytes."};
    }
    if (json != std::string_view::npos) frame.json = rest.substr(json);
    frame.wrong_length = to_number(length) != static_cast<std::int64_t>(message.size());
    return frame;
}

std::string response_frame(std::string_view id, int status, std::string_view json) {
    return fmt::format("{}{:010}{}{:03}{}", version, header + status_digits + json.size(), id, status, json);
}

std::string request_frame(std::string_view id, std::string_view command, std::string_view json) {
    auto frame = fmt::format("{}{:010}{}", version, header + command_width + json.size(), id);
    frame.append(command.substr(0, command_width));
    frame.resize(header + command_width, ' ');
    return frame.append(json);
}

}  // namespace patchbay::ecss
