#include "ecss/call_answers.hpp"

#include <fmt/format.h>

namespace patchbay::ecss {
namespace {

std::string_view role_word(call::Role role) {
    switch (role) {
        case call::Role::observer:
            return "observing";
        case call::Role::consultant:
            return "consult";
        case call::Role::talker:
            break;
    }
    return "talker";
}

Node participant(const call::LegView& leg) {
    return Node{"participant",
                {{"id", leg.id.text()},
                 {"number", leg.facts->number},
                 {"display_name", leg.facts->display_name},
                 {"agent_id", leg.facts->operator_id},
                 {"state", std::string(state_word(leg.state))},
                 {"role", std::string(role_word(leg.role))}},
                {}};
}

void add_unless_empty(Node& node, std::string_view name, std::string value) {
    if (!value.empty()) node.attributes.emplace_back(name, std::move(value));
}

Node call_record(const history::Cdr& cdr, std::string_view external) {
    const bool is_called = cdr.direction == call::Direction::in;
    Node node{"call_history", {{"call_ref", cdr.call.text()}}, {}};
    node.attributes.emplace_back("digits_a", is_called ? cdr.remote_number : cdr.number);
    node.attributes.emplace_back("digits_b", is_called ? cdr.number : cdr.remote_number);
    add_unless_empty(node, "display_name_a", is_called ? cdr.remote_display_name : cdr.display_name);
    add_unless_empty(node, "display_name_b", is_called ? cdr.display_name : cdr.remote_display_name);
    add_unless_empty(node, "agent_a_id", is_called ? cdr.remote_operator_id : cdr.operator_id);
    add_unless_empty(node, "agent_b_id", is_called ? cdr.operator_id : cdr.remote_operator_id);
    node.attributes.emplace_back("start_time", time_text(cdr.started));
    add_unless_empty(node, "answer_time", time_text(cdr.answered));
    add_unless_empty(node, "distribution_time", time_text(cdr.distributed));
    add_unless_empty(node, "agent_answer_time", time_text(cdr.agent_answered));
    node.attributes.emplace_back("release_time", time_text(cdr.released));
    node.attributes.emplace_back("release_reason", released_by(cdr.released_by));
    // A queue answers its callers at once: they wait, and talk, as the operator answers.
    const auto answer = cdr.waited() ? cdr.agent_answered : cdr.answered;
    node.attributes.emplace_back("duration", fmt::to_string(cdr.duration(answer).count()));
    node.attributes.emplace_back("total_duration", fmt::to_string(cdr.total().count()));
    node.attributes.emplace_back("waiting_duration", fmt::to_string(cdr.waiting(answer).count()));
    node.attributes.emplace_back("talk_duration", fmt::to_string(cdr.talk(answer).count()));
    add_unless_empty(node, "queue_id", cdr.queue_id);
    node.content.push_back(url_list(cdr, external));
    add_faxes(node, cdr, external);
    return node;
}

}  // namespace

Answer new_call_answer(std::string_view command, const call::Outcome& outcome) {
    const auto& leg = outcome.legs.front();
    return answer_with(
        command,
        Node{std::string(command), {{"conversation_id", leg.id.text()}, {"call_ref", leg.call.text()}}, {}});
}

Answer participants_answer(std::string_view command, const call::Outcome& outcome) {
    Node list{"participants", {{"conference_id", outcome.legs.front().id.text()}}, {}};
    for (const auto& leg : outcome.legs) list.content.push_back(participant(leg));
    return answer_with(command, std::move(list));
}

Answer call_records_answer(std::span<const history::Cdr> records, std::string_view tag, Time now,
                           std::string_view external) {
    Node history{"history", {}, {}};
    if (!tag.empty()) history.attributes.emplace_back("tag", tag);
    history.content.reserve(records.size());
    for (const auto& cdr : records) history.content.push_back(call_record(cdr, external));
    auto answer = answer_with("call_history", std::move(history));
    answer.out.content.front().attributes.emplace_back("timestamp", time_text(now));
    return answer;
}

}  // namespace patchbay::ecss
