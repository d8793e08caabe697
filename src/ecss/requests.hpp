// The commands, typed: what a validated request asks for. Everything that XSD 1.0 cannot say is checked here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "call/command.hpp"
#include "ecss/node.hpp"

namespace patchbay::ecss {

/// Something for the switch to do with a conversation of an operator; of the requester when that is empty.
struct SwitchRequest {
    std::string operator_id;
    call::Action action;
};
struct ConversationsRequest {
    std::string operator_id;
};
/// The element `filters`, see history_filter.hpp.
struct HistoryRequest {
    Node filters;
};
struct LoginRequest {
    std::string login, password, number;
    std::optional<std::uint64_t> offset;  ///< resume events after this one
};
struct LogoutRequest {};

using Request =
    std::variant<SwitchRequest, ConversationsRequest, HistoryRequest, LoginRequest, LogoutRequest>;

/// A command that is served. Its name is also its schema's.
struct CommandKind {
    std::string_view name;
    /// Reads the element `request` of a valid document. Errors: `invalid_request`, `cannot_perform_cmd`.
    Result<Request> (*read)(const Node& request);
    std::size_t index;  ///< its place among all, from 0
};

inline constexpr std::size_t command_count = 8;

/// The command of that name, or null. The pointer is for ever.
const CommandKind* find_command(std::string_view name);
const CommandKind& command_at(std::size_t index);

/// Reads the element `in` of a document that fits the command's schema.
Result<Request> read_request(const CommandKind& kind, const Node& in);

}  // namespace patchbay::ecss
