#include "ecss/requests.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ecss/lexical.hpp"

namespace patchbay::ecss {
namespace {

Error invalid(std::string text) {
    return Error{"invalid_request", std::move(text)};
}

// An id of another form than ours is as unknown as a stale one.
Result<LegId> conversation(std::string_view id) {
    if (const auto leg = LegId::parse(id); leg && *leg) return *leg;
    return Error{"cannot_perform_cmd", fmt::format("There is no conversation '{}'.", id)};
}

Request for_switch(const Node& element, call::Action action) {
    return SwitchRequest{std::string(element.attribute("operator_id")), std::move(action)};
}

Result<Request> read_hold(const Node& request) {
    const Node& element = request.content.front();
    const auto leg = conversation(element.attribute("conversation_id"));
    if (!leg) return leg.error();
    return for_switch(element, call::Hold{.leg = *leg});
}

Result<Request> read_unhold(const Node& request) {
    const Node& element = request.content.front();
    const auto leg = conversation(element.attribute("conversation_id"));
    if (!leg) return leg.error();
    return for_switch(element, call::Retrieve{.leg = *leg});
}

Result<Request> read_unattended_transfer(const Node& request) {
    const Node& element = request.content.front();
    const auto original = element.attribute("original_conversation_id");
    const auto alias = element.attribute("conversation_id");
    if (original.empty() && alias.empty()) {
        return invalid(
            "Element 'call_unattended_transfer': The attribute 'original_conversation_id' is required "
            "but missing.");
    }
    if (!original.empty() && !alias.empty() && original != alias) {
        return invalid(
            "Element 'call_unattended_transfer': The attributes 'original_conversation_id' and "
            "'conversation_id' name different conversations.");
    }
    const auto number = element.attribute("to_number");
    const auto destination = element.attribute("destination_conversation_id");
    if (number.empty() == destination.empty()) {
        return invalid(
            "Element 'call_unattended_transfer': Exactly one of the attributes 'to_number' and "
            "'destination_conversation_id' is required.");
    }
    const auto leg = conversation(original.empty() ? alias : original);
    if (!leg) return leg.error();
    if (destination.empty()) return for_switch(element, call::Transfer{*leg, std::string(number)});
    const auto with = conversation(destination);
    if (!with) return with.error();
    return for_switch(element, call::Join{*leg, *with});
}

Result<Request> read_consult(const Node& request) {
    const Node& element = request.content.front();
    const auto number = element.attribute("to_number");
    if (number.empty()) return invalid("Element 'call_consult', attribute 'to_number': The value is empty.");
    const auto leg = conversation(element.attribute("conversation_id"));
    if (!leg) return leg.error();
    const auto mode = element.attribute("mode") == "conference" ? call::SuperviseMode::conference
                                                                : call::SuperviseMode::consult;
    return for_switch(element, call::Supervise{*leg, std::string(number), mode});
}

Result<Request> read_history(const Node& request) {
    return Request{HistoryRequest{request.content.front()}};
}

Result<Request> read_conversations(const Node& request) {
    return Request{ConversationsRequest{std::string(request.attribute("operator_id"))}};
}

Result<Request> read_login(const Node& request) {
    const Node& element = request.content.front();
    LoginRequest login{std::string(element.attribute("login")), std::string(element.attribute("password")),
                       std::string(element.attribute("number")), std::nullopt};
    if (const auto offset = integer(element.attribute("offset")); offset && *offset >= 0) {
        login.offset = static_cast<std::uint64_t>(*offset);
    }
    return Request{std::move(login)};
}

Result<Request> read_logout(const Node&) {
    return Request{LogoutRequest{}};
}

constexpr std::array<CommandKind, command_count> kinds{{
    {"login", read_login, 0},
    {"logout", read_logout, 1},
    {"call_hold", read_hold, 2},
    {"call_unhold", read_unhold, 3},
    {"call_unattended_transfer", read_unattended_transfer, 4},
    {"call_consult", read_consult, 5},
    {"conversations", read_conversations, 6},
    {"operator_call_history", read_history, 7},
}};

}  // namespace

const CommandKind* find_command(std::string_view name) {
    const auto* found = std::ranges::find(kinds, name, &CommandKind::name);
    return found == kinds.end() ? nullptr : found;
}

const CommandKind& command_at(std::size_t index) {
    return kinds.at(index);
}

Result<Request> read_request(const CommandKind& kind, const Node& in) {
    // The schema knows the answer's element as well, which is valid but no request.
    const Node* request = in.name == "in" ? in.child("request") : nullptr;
    if (request == nullptr) return invalid(fmt::format("Element '{}': A request is <in><request>.", in.name));
    return kind.read(*request);
}

}  // namespace patchbay::ecss
