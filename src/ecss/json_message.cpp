#include "ecss/json_message.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/text.hpp"
#include "ecss/answers.hpp"

namespace patchbay::ecss {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_id = 200;

Error bad_json(std::string text) {
    return Error{"bad_json", std::move(text)};
}

struct Status {
    std::string_view code;
    int status;
};

// What is not listed is 403, as the documented refusals are.
constexpr std::array statuses{
    Status{"bad_json", 400},       Status{"invalid_request", 400},   Status{"invalid", 400},
    Status{"not_authorized", 401}, Status{"unknown_command", 404},   Status{"unknown_domain", 404},
    Status{"no_such_leg", 404},    Status{"wrong_state", 409},       Status{"in_progress", 409},
    Status{"too_large", 413},      Status{"too_many_attempts", 429}, Status{"overloaded", 503},
    Status{"no_media", 503},
};

// A plain member as text; nothing when it is none.
std::optional<std::string> plain(const json::value& value) {
    if (const auto* text = value.if_string()) return std::string(std::string_view(*text));
    if (value.is_null()) return std::string{};
    if (value.is_array() || value.is_object()) return std::nullopt;
    return json::serialize(value);
}

Result<Done> read_member(JsonRequest& request, std::string_view name, const json::value& value) {
    if (auto text = plain(value)) {
        request.values.insert_or_assign(std::string(name), std::move(*text));
        return Done{};
    }
    const auto* list = value.if_array();
    if (list == nullptr) return bad_json(fmt::format("The payload's member '{}' is an object.", name));
    auto& texts = request.lists[std::string(name)];
    texts.clear();
    for (const auto& item : *list) {
        auto text = plain(item);
        if (!text) return bad_json(fmt::format("The payload's list '{}' holds more than texts.", name));
        texts.push_back(std::move(*text));
    }
    return Done{};
}

std::string quoted(std::string_view text) {
    return json::serialize(json::string(text));
}

// ISO 8601; empty: it has not happened.
std::string iso(Time time) {
    if (time == Time{}) return {};
    auto text = date_time(time, '-');
    text[10] = 'T';
    return text + 'Z';
}

json::object call_object(const Conversation& conversation, const QueueName& queue_name) {
    const call::LegView& leg = conversation.leg;
    const call::LegFacts& facts = *leg.facts;
    const bool calls = facts.direction == call::Direction::out;
    json::object call{{"acd", truth(!facts.queue_id.empty())},
                      {"answerTime", iso(leg.answered)},
                      {"numberA", calls ? facts.number : facts.remote_number},
                      {"numberB", calls ? facts.remote_number : facts.number},
                      {"direction", call::word(facts.direction)},
                      {"displayNameA", calls ? facts.display_name : facts.remote_display_name},
                      {"displayNameB", calls ? facts.remote_display_name : facts.display_name},
                      {"callRef", leg.call.text()},
                      {"conferenceId", conversation.conference ? leg.id.text() : std::string()},
                      {"faxReceive", "false"},
                      {"faxUrls", json::array{}},
                      {"id", leg.id.text()},
                      {"onConsultation", truth(conversation.consults)},
                      {"operatorId", facts.operator_id},
                      {"isConsult", truth(leg.role == call::Role::consultant)},
                      {"queueDescription", queue_name ? queue_name(facts) : std::string()},
                      {"queueId", facts.queue_id},
                      {"releaseTime", iso(conversation.released)},
                      {"startTime", iso(facts.started)},
                      {"status", conversation.state.empty() ? state_word(leg.state) : conversation.state},
                      {"supervising", truth(leg.role != call::Role::talker)},
                      {"type", "call"}};
    if (leg.park_slot != 0) call.emplace("parkSlot", fmt::to_string(leg.park_slot));
    return call;
}

std::string list_of(std::span<const Conversation> calls, const QueueName& queue_name) {
    json::array list;
    list.reserve(calls.size());
    for (const auto& one : calls) list.emplace_back(call_object(one, queue_name));
    return json::serialize(list);
}

// The members of a message before its payload.
std::string head(const JsonRequest& request, int status) {
    auto text = R"({"action":)" + quoted(request.action);
    if (!request.id.empty()) text += R"(,"requestId":)" + request.id;
    return text + fmt::format(R"(,"status":{},"payload":)", status);
}

}  // namespace

Result<JsonRequest> read_json_request(std::string_view message) {
    boost::system::error_code wrong;
    const auto document = json::parse(json::string_view(message.data(), message.size()), wrong);
    if (wrong) return bad_json("The message is not JSON: " + wrong.message() + ".");
    const auto* object = document.if_object();
    const auto* action = object != nullptr ? object->if_contains("action") : nullptr;
    if (action == nullptr || !action->is_string())
        return bad_json("The message is no object with a text 'action'.");
    JsonRequest request;
    request.action = std::string_view(action->get_string());
    if (const auto* id = object->if_contains("requestId"); id != nullptr && !id->is_null()) {
        if (id->is_structured()) return bad_json("The 'requestId' is neither a text nor a number.");
        request.id = json::serialize(*id);
        if (request.id.size() > longest_id)
            return bad_json(fmt::format("The 'requestId' is longer than {} bytes.", longest_id));
    }
    const auto* payload = object->if_contains("payload");
    if (payload == nullptr || payload->is_null()) return request;
    if (!payload->is_object()) return bad_json("The 'payload' is no object.");
    for (const auto& [name, value] : payload->get_object())
        if (auto read = read_member(request, name, value); !read) return read.error();
    return request;
}

int json_status(std::string_view code) {
    const auto* found = std::ranges::find(statuses, code, &Status::code);
    return found == statuses.end() ? 403 : found->status;
}

std::string json_reply(const JsonRequest& request, std::string_view payload) {
    return head(request, 200).append(payload) + '}';
}

std::string json_error(const JsonRequest& request, const Error& error) {
    return head(request, json_status(error.code)) +
           fmt::format(R"({{"error":{{"reason":{},"text":{}}}}}}})", quoted(error.code), quoted(error.text));
}

std::string json_calls(std::span<const Conversation> calls, Position at, const QueueName& queue_name) {
    return fmt::format(R"({{"calls":{},"offset":"{}"}})", list_of(calls, queue_name), at.text());
}

std::string json_subscribed(std::span<const Conversation> calls, Position at, bool resumes,
                            const QueueName& queue_name) {
    return fmt::format(R"({{"calls":{},"offset":"{}","resumed":"{}"}})", list_of(calls, queue_name),
                       at.text(), truth(resumes));
}

std::string json_notice(std::span<const Conversation> calls, Position at, const QueueName& queue_name) {
    return R"({"action":"call/notify","payload":)" + json_calls(calls, at, queue_name) + '}';
}

std::string json_login(std::string_view token, bool supervisor, Seconds auto_logout) {
    return fmt::format(R"({{"token":{},"supervisor":"{}","capabilities":["call"],"autoLogoutTimeout":{}}})",
                       quoted(token), truth(supervisor), auto_logout.count());
}

std::string json_ok() {
    return R"({"ok":{}})";
}

std::string json_call_made(LegId leg) {
    return fmt::format(R"({{"ok":{{"internalCallId":"{}"}}}})", leg.text());
}

}  // namespace patchbay::ecss
