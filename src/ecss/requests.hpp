// The commands, typed: what a validated request asks for. Everything that XSD 1.0 cannot say is checked here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "acd/command.hpp"
#include "base/result.hpp"
#include "call/command.hpp"
#include "ecss/answers.hpp"
#include "ecss/node.hpp"
#include "ecss/position.hpp"

namespace patchbay::ecss {

/// Something for the switch to do with a conversation of an operator; of the requester when that is empty.
struct SwitchRequest {
    std::string operator_id;
    call::Action action;
    Answer (*show)(std::string_view command, const call::Outcome& outcome) = nullptr;  ///< null: plain ok
};
struct ConversationsRequest {
    std::string operator_id;
};
/// A supervisor joins a conversation, or changes how; an empty operator: any of the supervisor's group.
struct SuperviseRequest {
    std::string operator_id;
    LegId conversation;
    call::SuperviseMode mode = call::SuperviseMode::observe;
};
/// One after the other; the first refusal is the answer.
struct ParticipantsRequest {
    std::string operator_id;
    std::vector<call::Action> additions;
};
/// Ends after-call work, and the conversation before it, if one is named and goes on.
struct CompleteRequest {
    std::string operator_id;
    LegId conversation;
};
/// The element `filters`, see history_filter.hpp.
struct HistoryRequest {
    Node filters;
    bool of_group = false;  ///< a supervisor's call_history; else the operator's own calls
};
struct LoginRequest {
    std::string login, password, number;
    Resume resume;
};
struct LogoutRequest {};

/// Who may do something to an operator.
enum class Right : std::uint8_t {
    own,         ///< the operator, or a supervisor of its group
    supervisor,  ///< such a supervisor only
    anybody,     ///< every operator of the domain: it only asks
    any_boss,    ///< every supervisor of the domain: it only asks
};
/// Something for the desk to do with an operator; with the requester when `agent_id` is empty.
struct DeskRequest {
    Right right = Right::own;
    std::string agent_id;
    std::string detail;  ///< a number, a reason or a queue
    acd::Action (*action)(std::string&& agent_id, std::string&& detail) = nullptr;
    Answer (*show)(std::string_view command, const acd::Outcome& outcome) = nullptr;  ///< null: plain ok
};
/// Queues and who waits in them; an empty id: all.
struct QueuesRequest {
    std::string queue_id;
};
/// A conversation's other party goes into a queue, or a waiting caller into another one.
struct EnqueueRequest {
    std::string operator_id;
    LegId conversation;
    std::string queue_id;
};
/// A waiting caller leaves its queue: for a number, or for good.
struct DequeueRequest {
    LegId conversation;
    std::string to_number;
};

using Request = std::variant<SwitchRequest, ConversationsRequest, SuperviseRequest, ParticipantsRequest,
                             CompleteRequest, HistoryRequest, LoginRequest, LogoutRequest, DeskRequest,
                             QueuesRequest, EnqueueRequest, DequeueRequest>;

/// A command that is served. Its name is also its schema's.
struct CommandKind {
    std::string_view name;
    /// Reads the element `request` of a valid document. Errors: `invalid_request`, `cannot_perform_cmd`.
    Result<Request> (*read)(const Node& request);
    /// The documented status of an answer that says it cannot be done.
    int refused_status = 403;
};

/// How many are served.
std::size_t command_count();
/// The command of that name, or null. The pointer is for ever.
const CommandKind* find_command(std::string_view name);
/// Its place among all, from 0.
std::size_t index_of(const CommandKind& kind);
const CommandKind& command_at(std::size_t index);

/// Reads the element `in` of a document that fits the command's schema.
Result<Request> read_request(const CommandKind& kind, const Node& in);

}  // namespace patchbay::ecss
