#include "ecss/desk_answers.hpp"

#include <fmt/format.h>

namespace patchbay::ecss {
namespace {

std::string id_text(LegId leg) {
    return leg ? leg.text() : std::string();
}

std::string ref_text(CallRef call) {
    return call ? call.text() : std::string();
}

std::string seconds(Milliseconds time) {
    return fmt::to_string(std::chrono::floor<Seconds>(time).count());
}

std::string percent(double share) {
    return fmt::format("{:.1f}", share * 100);
}

Node named(std::string_view name, std::string_view attribute, std::string_view value) {
    return Node{std::string(name), {{std::string(attribute), std::string(value)}}, {}};
}

void add(Node& node, std::string_view name, std::uint64_t count) {
    node.attributes.emplace_back(name, fmt::to_string(count));
}
void add(Node& node, std::string_view name, std::string value) {
    node.attributes.emplace_back(name, std::move(value));
}

void add_figures(Node& node, const acd::OperatorFigures& today) {
    add(node, "answered", today.answered);
    add(node, "missed", today.missed);
    add(node, "rejected", today.rejected);
    add(node, "talk_duration", seconds(today.talk));
    add(node, "hold_duration", seconds(today.held));
    add(node, "acw_duration", seconds(today.acw));
    add(node, "ready_duration", seconds(today.ready));
    add(node, "auxwork_duration", seconds(today.aux));
    add(node, "work_duration", seconds(today.at_work));
    add(node, "occupancy", percent(today.occupancy()));
}

void add_figures(Node& node, const acd::QueueFigures& total) {
    add(node, "entered", total.entered);
    add(node, "answered", total.answered);
    add(node, "answered_in_time", total.answered_in_time);
    add(node, "abandoned", total.abandoned);
    add(node, "abandoned_short", total.abandoned_short);
    add(node, "overflowed", total.overflowed);
    add(node, "moved", total.moved);
    add(node, "callbacks", total.callbacks);
    add(node, "missed", total.missed);
    add(node, "service_level", percent(total.service_level()));
    add(node, "longest_wait", seconds(total.longest_wait));
    add(node, "mean_wait", seconds(total.mean_wait()));
    add(node, "mean_handling", seconds(total.mean_handling()));
    add(node, "talk_duration", seconds(total.talk));
    add(node, "hold_duration", seconds(total.held));
    add(node, "acw_duration", seconds(total.acw));
}

template <typename Figures>
Node interval(std::string_view attribute, const std::string& id, Time begin, const Figures& figures) {
    auto node = named("interval", attribute, id);
    node.attributes.emplace_back("begin", time_text(begin));
    add_figures(node, figures);
    return node;
}

Node group_node(const acd::GroupView& group) {
    Node node{"group", {{"group", group.name}}, {}};
    add(node, "agents", group.operators);
    add(node, "logged_in", group.logged_in);
    add(node, "available", group.available);
    add(node, "busy", group.busy);
    for (const auto& id : group.operator_ids) node.content.push_back(named("agent", "agent_id", id));
    return node;
}

}  // namespace

Node agent_node(const acd::OperatorView& agent) {
    Node node{"agent",
              {{"agent_id", agent.id},
               {"display_name", agent.name},
               {"group", agent.group},
               {"supervisor", std::string(truth(agent.supervisor))},
               {"state", std::string(acd::word(agent.state))},
               {"reason", agent.reason},
               {"since", time_text(agent.since)},
               {"number", agent.number},
               {"conversation_id", id_text(agent.leg)},
               {"call_ref", ref_text(agent.call)},
               {"queue_id", agent.queue}},
              {}};
    for (const auto& queue : agent.queues) node.content.push_back(named("queue", "queue_id", queue));
    return node;
}

Node queue_node(const acd::QueueView& queue) {
    Node node{"queue",
              {{"queue_id", queue.id},
               {"display_name", queue.name},
               {"number", queue.number},
               {"strategy", queue.strategy},
               {"waiting", fmt::to_string(queue.waiting)},
               {"waiting_since", time_text(queue.waiting_since)},
               {"agents", fmt::to_string(queue.operators)},
               {"available", fmt::to_string(queue.available)}},
              {}};
    for (const auto& id : queue.operator_ids) node.content.push_back(named("agent", "agent_id", id));
    return node;
}

Node caller_node(const acd::WaitingView& caller, std::string_view state, std::string_view agent_id,
                 std::string_view to_number) {
    return Node{"caller",
                {{"queue_id", caller.queue},
                 {"conversation_id", id_text(caller.leg)},
                 {"call_ref", ref_text(caller.call)},
                 {"number", caller.number},
                 {"display_name", caller.name},
                 {"since", time_text(caller.since)},
                 {"priority", fmt::to_string(caller.priority)},
                 {"position", fmt::to_string(caller.position)},
                 {"callback", std::string(truth(caller.is_callback))},
                 {"state", std::string(state)},
                 {"agent_id", std::string(agent_id)},
                 {"to_number", std::string(to_number)}},
                {}};
}

Node waiting_node(const acd::WaitingView& caller) {
    return caller_node(caller, caller.is_offered ? "offered" : "waiting");
}

Node removed_agent_node(std::string_view agent_id) {
    return named("removed", "agent_id", agent_id);
}

Node removed_queue_node(std::string_view queue_id) {
    return named("removed", "queue_id", queue_id);
}

Node desk_event(std::string_view name, std::vector<Node> content, std::uint64_t offset, bool snapshot) {
    Node event{std::string(name), {{"offset", fmt::to_string(offset)}}, std::move(content)};
    if (snapshot) event.attributes.emplace_back("snapshot", "true");
    Node request{"request", {}, {}};
    request.content.push_back(std::move(event));
    Node in{"in", {}, {}};
    in.content.push_back(std::move(request));
    return in;
}

Answer agent_list_answer(std::string_view command, const acd::Outcome& outcome) {
    Node list{"agent_list", {}, {}};
    for (const auto& agent : outcome.operators) list.content.push_back(named("agent", "agent_id", agent.id));
    return answer_with(command, std::move(list));
}

Answer agents_list_answer(std::string_view command, const acd::Outcome& outcome) {
    Node list{"agents_list", {}, {}};
    for (const auto& agent : outcome.operators) {
        list.content.push_back(agent_node(agent));
        add_figures(list.content.back(), agent.today);
    }
    return answer_with(command, std::move(list));
}

Answer group_list_answer(std::string_view command, const acd::Outcome& outcome) {
    Node list{"group_list", {}, {}};
    for (const auto& group : outcome.groups) list.content.push_back(group_node(group));
    return answer_with(command, std::move(list));
}

Answer queue_statistics_answer(std::string_view command, const acd::Outcome& outcome) {
    Node list{std::string(command), {}, {}};
    for (const auto& each : outcome.queue_figures) {
        list.content.push_back(interval("queue_id", each.queue, each.begin, each.figures));
    }
    return answer_with(command, std::move(list));
}

Answer agent_statistics_answer(std::string_view command, const acd::Outcome& outcome) {
    Node list{std::string(command), {}, {}};
    for (const auto& each : outcome.operator_figures) {
        list.content.push_back(interval("agent_id", each.operator_id, each.begin, each.figures));
    }
    return answer_with(command, std::move(list));
}

Answer all_queues_answer(std::span<const acd::QueueView> queues, std::span<const acd::WaitingView> waiting) {
    Node list{"all_queues", {}, {}};
    for (const auto& queue : queues) {
        list.content.push_back(queue_node(queue));
        add_figures(list.content.back(), queue.total);
    }
    for (const auto& caller : waiting) {
        list.content.push_back(waiting_node(caller));
    }
    return answer_with("all_queues", std::move(list));
}

}  // namespace patchbay::ecss
