// Records as others see them.
#pragma once

#include <string_view>
#include <vector>

#include "acd/core.hpp"
#include "acd/event.hpp"
#include "acd/view.hpp"

namespace patchbay::acd {

OperatorView view(const OperatorRecord& person);
QueueView view(const QueueRecord& queue);
WaitingView view(const WaitingCaller& caller);

/// Lists, for the commands of these names. Times are counted up to now first.
std::vector<OperatorView> list_operators(Core& core, Office& office, std::string_view id,
                                         std::string_view group);
std::vector<GroupView> list_groups(const Office& office);
std::vector<QueueView> list_queues(Core& core, Office& office, std::string_view id);
std::vector<WaitingView> list_waiting(const Office& office, std::string_view queue);

/// Of one queue or operator, or of all.
std::vector<QueueInterval> queue_figures(Core& core, Office& office, std::string_view id);
std::vector<OperatorInterval> operator_figures(Core& core, const Office& office, std::string_view id);

Snapshot snapshot(Core& core, Office& office);

}  // namespace patchbay::acd
