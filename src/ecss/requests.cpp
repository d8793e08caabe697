#include "ecss/requests.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ecss/call_requests.hpp"
#include "ecss/desk_requests.hpp"

namespace patchbay::ecss {
namespace {

Result<Request> read_own_history(const Node& request) {
    return Request{HistoryRequest{request.content.front(), false}};
}

Result<Request> read_group_history(const Node& request) {
    return Request{HistoryRequest{request.content.front(), true}};
}

Result<Request> read_conversations(const Node& request) {
    return Request{ConversationsRequest{std::string(request.attribute("operator_id"))}};
}

Result<Request> read_login(const Node& request) {
    const Node& element = request.content.front();
    return Request{LoginRequest{std::string(element.attribute("login")),
                                std::string(element.attribute("password")),
                                std::string(element.attribute("number")),
                                resume_from(element.attribute("offset"), element.attribute("desk_offset"))}};
}

Result<Request> read_logout(const Node&) {
    return Request{LogoutRequest{}};
}

constexpr int refused_in_200 = 200;

constexpr std::array kinds{
    CommandKind{"login", read_login},
    CommandKind{"logout", read_logout},
    CommandKind{"conversations", read_conversations},
    CommandKind{"operator_call_history", read_own_history},
    CommandKind{"call_history", read_group_history},
    CommandKind{"call_hold", call_requests::hold},
    CommandKind{"call_unhold", call_requests::unhold},
    CommandKind{"call_record", call_requests::record},
    CommandKind{"call_accept", call_requests::accept},
    CommandKind{"call_reject", call_requests::reject},
    CommandKind{"call_release", call_requests::release},
    CommandKind{"call_complete", call_requests::complete},
    CommandKind{"call_unattended_transfer", call_requests::unattended_transfer},
    CommandKind{"call_attended_transfer", call_requests::attended_transfer},
    CommandKind{"call_consult", call_requests::consult},
    CommandKind{"call_supervise", call_requests::supervise},
    CommandKind{"make_call", call_requests::make_call},
    CommandKind{"make_agent_call", call_requests::make_agent_call},
    CommandKind{"add_participant", call_requests::add_participant, refused_in_200},
    CommandKind{"remove_participant", call_requests::remove_participant},
    CommandKind{"participants", call_requests::participants},
    CommandKind{"move_conversation_to_queue", call_requests::move_to_queue},
    CommandKind{"remove_conversation_from_queue", call_requests::remove_from_queue},
    CommandKind{"login_agent", desk_requests::login_agent},
    CommandKind{"logout_agent", desk_requests::logout_agent},
    CommandKind{"make_available", desk_requests::make_available},
    CommandKind{"auxwork", desk_requests::auxwork},
    CommandKind{"force_logout", desk_requests::force_logout},
    CommandKind{"block_operator", desk_requests::block_operator, refused_in_200},
    CommandKind{"unblock_operator", desk_requests::unblock_operator, refused_in_200},
    CommandKind{"add_to_queue", desk_requests::add_to_queue},
    CommandKind{"remove_from_queue", desk_requests::remove_from_queue},
    CommandKind{"agent_list", desk_requests::agent_list},
    CommandKind{"agents_list", desk_requests::agents_list},
    CommandKind{"group_list", desk_requests::group_list},
    CommandKind{"all_queues", desk_requests::all_queues},
    CommandKind{"queue_statistics", desk_requests::queue_statistics},
    CommandKind{"agent_statistics", desk_requests::agent_statistics},
};

}  // namespace

std::size_t command_count() {
    return kinds.size();
}

const CommandKind* find_command(std::string_view name) {
    const auto* found = std::ranges::find(kinds, name, &CommandKind::name);
    return found == kinds.end() ? nullptr : found;
}

std::size_t index_of(const CommandKind& kind) {
    return static_cast<std::size_t>(&kind - kinds.data());
}

const CommandKind& command_at(std::size_t index) {
    return kinds.at(index);
}

Result<Request> read_request(const CommandKind& kind, const Node& in) {
    // The schema knows the answer's element as well, which is valid but no request.
    const Node* request = in.name == "in" ? in.child("request") : nullptr;
    if (request == nullptr) {
        return Error{"invalid_request", fmt::format("Element '{}': A request is <in><request>.", in.name)};
    }
    return kind.read(*request);
}

}  // namespace patchbay::ecss
