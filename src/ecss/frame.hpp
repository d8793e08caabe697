// The text frames of the WebSocket transport: a fixed header, then JSON nodes.
//   request   01 LLLLLLLLLL IIII CCCC…(32 bytes, padded) JSON
//   response  01 LLLLLLLLLL IIII SSS                     JSON
// without the spaces; L is the length in bytes of the whole frame, I the request's id, C the command, S the
// status.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace patchbay::ecss {

/// The id of frames that carry events.
inline constexpr std::string_view event_id = "9999";

/// A request's parts. Views into the message.
struct RequestFrame {
    std::string_view id;        ///< four digits
    std::string_view command;   ///< without padding
    std::string_view json{};    ///< from the first '[' on; empty when there is none
    bool wrong_length = false;  ///< L is not the message's length, which is forgiven
};

/// Why a message is no request. With an id it can be answered by a frame; without one, only by closing.
struct FrameFault {
    std::string_view id;
    std::string_view slug;  ///< for metrics; static storage
    std::string_view text;  ///< for a person; static storage
};

/// Reads a request. Accepts a padded command (spaces or NULs) as well as the form the manual prints: command,
/// white space, JSON.
std::variant<RequestFrame, FrameFault> parse_request(std::string_view message);

/// A response frame; `status` has three digits, `id` four.
std::string response_frame(std::string_view id, int status, std::string_view json);

/// A frame of the request's form, its command padded with spaces. `command` is cut at 32 bytes.
std::string request_frame(std::string_view id, std::string_view command, std::string_view json);

}  // namespace patchbay::ecss
