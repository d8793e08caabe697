#include "ecss/answers.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "ecss/requests.hpp"

namespace patchbay::ecss {
namespace {

struct Reason {
    std::string_view code;
    int status;
    std::string_view word;  // what the wire says
};

constexpr std::array reasons{
    Reason{"cannot_perform_cmd", 403, "cannot_perform_cmd"},
    Reason{"invalid_request", 400, "invalid_request"},
    Reason{"bad_xml", 400, "invalid_request"},
    Reason{"bad_json", 400, "invalid_request"},
    Reason{"bad_frame", 400, "invalid_request"},
    Reason{"not_authorized", 401, "not_authorized"},
    Reason{"unknown_command", 404, "unknown_command"},
    Reason{"unknown_domain", 404, "unknown_domain"},
    Reason{"too_large", 413, "too_large"},
    Reason{"unsupported_media_type", 415, "unsupported_media_type"},
    Reason{"too_many_attempts", 429, "too_many_attempts"},
};

// Refusals of the switch and of the history are all the one documented reason; their text says more.
const Reason& reason_of(std::string_view code) {
    const auto* found = std::ranges::find(reasons, code, &Reason::code);
    return found == reasons.end() ? reasons.front() : *found;
}

Node out_of(std::string_view schema, Node content) {
    Node out;
    out.name = "out";
    out.attributes = {{"xmlns:xs", "http://www.w3.org/2001/XMLSchema-instance"},
                      {"xs:noNamespaceSchemaLocation", fmt::format("{}.xsd", schema)}};
    out.content.push_back(std::move(content));
    return out;
}

Node response_of(Node content) {
    Node response;
    response.name = "response";
    response.content.push_back(std::move(content));
    return response;
}

Node conversation_node(const Conversation& conversation) {
    const auto& leg = conversation.leg;
    const call::LegFacts& facts = *leg.facts;
    const auto state = conversation.state.empty() ? state_word(leg.state) : conversation.state;
    Node node{"conversation",
              {{"id", leg.id.text()},
               {"call_ref", leg.call.text()},
               {"direction", std::string(call::word(facts.direction))},
               {"digits", facts.number},
               {"remote_digits", facts.remote_number},
               {"display_name", facts.display_name},
               {"remote_display_name", facts.remote_display_name},
               {"state", std::string(state)},
               {"start_time", time_text(facts.started)},
               {"answer_time", time_text(leg.answered)},
               {"queue_id", facts.queue_id},
               {"workitem_id", ""}},
              {}};
    if (leg.park_slot != 0) node.attributes.emplace_back("park_slot", fmt::to_string(leg.park_slot));
    if (conversation.conference) node.attributes.emplace_back("conference_id", leg.id.text());
    return node;
}

Node conversation_list(std::string_view name, std::span<const Conversation> conversations) {
    Node list;
    list.name = name;
    list.content.reserve(conversations.size());
    for (const auto& conversation : conversations) list.content.push_back(conversation_node(conversation));
    return list;
}

// A recording of ours is kept by its UUID; anything else is an address already.
std::string url_of(const history::Cdr& cdr, const std::string& recording, std::string_view external) {
    if (!Uuid::parse(recording)) return recording;
    return fmt::format("{}/{}/service/cc/arm/recordings/{}", external, cdr.domain, recording);
}

Node record(const history::Cdr& cdr, std::string_view external) {
    Node node{"call_history",
              {{"total_duration", fmt::to_string(cdr.total().count())},
               {"waiting_duration", fmt::to_string(cdr.waiting().count())},
               {"talk_duration", fmt::to_string(cdr.talk().count())},
               {"release_reason", std::string(released_by(cdr.released_by))},
               {"digits", cdr.number},
               {"remote_digits", cdr.remote_number},
               {"call_ref", cdr.call.text()},
               {"duration", fmt::to_string(cdr.duration().count())},
               {"release_time", time_text(cdr.released)},
               {"answer_time", time_text(cdr.answered)},
               {"start_time", time_text(cdr.started)},
               {"direction", std::string(call::word(cdr.direction))},
               {"call_record", cdr.urls.empty() ? std::string{} : url_of(cdr, cdr.urls.front(), external)},
               {"remote_display_name", cdr.remote_display_name},
               {"display_name", cdr.display_name},
               {"remote_agent_id", cdr.remote_operator_id}},
              {}};
    if (!cdr.queue_id.empty()) node.attributes.emplace_back("queue_id", cdr.queue_id);
    node.content.push_back(url_list(cdr, external));
    add_faxes(node, cdr, external);
    return node;
}

/// What the switch says in a few words, as a sentence for a person: its legs are conversations here.
std::string sentence(std::string text) {
    if (text.empty()) return text;
    for (auto at = text.find(" leg"); at != std::string::npos; at = text.find(" leg", at + 1))
        text.replace(at + 1, 3, "conversation");
    if (text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    if (std::string_view(".!?").find(text.back()) == std::string_view::npos) text += '.';
    return text;
}

}  // namespace

Node url_list(const history::Cdr& cdr, std::string_view external) {
    Node urls{"url_list", {}, {}};
    for (const auto& kept : cdr.urls)
        urls.content.push_back(Node{"url", {{"value", url_of(cdr, kept, external)}}, {}});
    return urls;
}

void add_faxes(Node& record, const history::Cdr& cdr, std::string_view external) {
    const auto add = [&](std::string_view name, const std::vector<std::string>& faxes) {
        if (faxes.empty()) return;
        Node urls{std::string(name), {}, {}};
        for (const auto& id : faxes) {
            auto url = fmt::format("{}/{}/service/cc/arm/faxes/{}", external, cdr.domain, id);
            urls.content.push_back(Node{"url", {{"value", std::move(url)}}, {}});
        }
        record.content.push_back(std::move(urls));
    };
    add("success_faxes", cdr.success_faxes);
    add("failed_faxes", cdr.failed_faxes);
}

std::string_view truth(bool value) {
    return value ? "true" : "false";
}

std::string time_text(Time time) {
    return time == Time{} ? std::string{} : date_time(time, '/');
}

std::string_view state_word(call::LegState state) {
    switch (state) {
        case call::LegState::idle:
        case call::LegState::initiating:
        case call::LegState::queued:
            return "initiating";
        case call::LegState::alerting:
            return "alerting";
        case call::LegState::connected:
            return "working";
        case call::LegState::held:
        case call::LegState::parked:
            return "hold";
        case call::LegState::ended:
            return "released";
    }
    return "released";
}

std::string_view released_by(history::ReleasedBy by) {
    switch (by) {
        case history::ReleasedBy::a:
            return "released_by_a";
        case history::ReleasedBy::b:
            return "released_by_b";
        case history::ReleasedBy::system:
            return "released_by_system";
    }
    return "released_by_system";
}

Answer ok_answer(std::string_view command) {
    return Answer{200, out_of(command, response_of(Node{"ok", {}, {}}))};
}

Answer answer_with(std::string_view command, Node content) {
    return Answer{200, out_of(command, response_of(std::move(content)))};
}

Answer error_answer(std::string_view command, const Error& error) {
    const Reason& reason = reason_of(error.code);
    const auto* kind = find_command(command);
    Node node{
        "error",
        {{"cmd", std::string(command)}, {"reason", std::string(reason.word)}, {"body", sentence(error.text)}},
        {}};
    const auto schema = kind == nullptr ? "error_answer" : command;
    const bool is_refused = kind != nullptr && &reason == &reasons.front();
    return Answer{is_refused ? kind->refused_status : reason.status, out_of(schema, std::move(node))};
}

Answer login_answer(std::string_view operator_id, bool supervisor, Seconds auto_logout) {
    Node login{"login",
               {{"agent_id", std::string(operator_id)},
                {"supervisor", std::string(truth(supervisor))},
                {"auto_logout_timeout", fmt::to_string(auto_logout.count())}},
               {}};
    return answer_with("login", std::move(login));
}

Answer conversations_answer(std::span<const Conversation> conversations) {
    return answer_with("conversations", conversation_list("conversations", conversations));
}

Answer history_answer(std::span<const history::Cdr> records, std::string_view tag, Time now,
                      std::string_view external) {
    Node history;
    history.name = "history";
    if (!tag.empty()) history.attributes.emplace_back("tag", tag);
    history.content.reserve(records.size());
    for (const auto& cdr : records) history.content.push_back(record(cdr, external));
    Node response = response_of(std::move(history));
    response.attributes.emplace_back("timestamp", date_time(now, '/'));
    return Answer{200, out_of("operator_call_history", std::move(response))};
}

Node conversations_event(std::span<const Conversation> conversations, Position at, bool snapshot) {
    Node list = conversation_list("conversations_event", conversations);
    list.attributes.emplace_back("offset", at.text());
    if (snapshot) list.attributes.emplace_back("snapshot", "true");
    Node request{"request", {}, {}};
    request.content.push_back(std::move(list));
    Node in{"in", {}, {}};
    in.content.push_back(std::move(request));
    return in;
}

}  // namespace patchbay::ecss
