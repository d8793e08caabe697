// Operators, groups, queues and waiting callers as nodes: in answers and in events.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "acd/command.hpp"
#include "acd/event.hpp"
#include "ecss/answers.hpp"

namespace patchbay::ecss {

Answer agent_list_answer(std::string_view command, const acd::Outcome& outcome);
Answer agents_list_answer(std::string_view command, const acd::Outcome& outcome);
Answer group_list_answer(std::string_view command, const acd::Outcome& outcome);
Answer queue_statistics_answer(std::string_view command, const acd::Outcome& outcome);
Answer agent_statistics_answer(std::string_view command, const acd::Outcome& outcome);
Answer all_queues_answer(std::span<const acd::QueueView> queues, std::span<const acd::WaitingView> waiting);

/// Elements of events.
Node agent_node(const acd::OperatorView& agent);
Node queue_node(const acd::QueueView& queue);
/// `state`: waiting, offered, or how the caller left; `agent_id` and `to_number`: who is rung, or answered.
Node caller_node(const acd::WaitingView& caller, std::string_view state, std::string_view agent_id = {},
                 std::string_view to_number = {});
/// As caller_node, of one who waits now: waiting or offered.
Node waiting_node(const acd::WaitingView& caller);
Node removed_queue_node(std::string_view queue_id);
Node removed_agent_node(std::string_view agent_id);
/// The element `in` of an event: agents_info_event or queues_event. `snapshot`: this is all there is.
Node desk_event(std::string_view name, std::vector<Node> content, std::uint64_t offset, bool snapshot);

}  // namespace patchbay::ecss
