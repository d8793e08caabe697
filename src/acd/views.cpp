#include "acd/views.hpp"

#include <map>

#include "acd/line.hpp"

namespace patchbay::acd {
namespace {

OperatorFigures difference(const OperatorFigures& now, const OperatorFigures& before) {
    OperatorFigures since = now;
    since.answered -= before.answered;
    since.missed -= before.missed;
    since.rejected -= before.rejected;
    since.talk -= before.talk;
    since.held -= before.held;
    since.acw -= before.acw;
    since.ready -= before.ready;
    since.aux -= before.aux;
    since.at_work -= before.at_work;
    return since;
}

std::string queue_of(const OperatorRecord& person) {
    const QueueRecord* queue = person.finishing;
    if (!person.engaged.empty()) {
        queue = person.engaged.back().queue;
    } else if (person.offer) {
        queue = person.offer->queue;
    }
    return queue == nullptr ? std::string() : queue->settings.id;
}

WaitingView view_at(const WaitingCaller& caller, std::size_t position) {
    WaitingView seen;
    seen.domain = caller.queue->domain;
    seen.queue = caller.queue->settings.id;
    seen.leg = caller.leg;
    seen.call = caller.call;
    seen.number = caller.number;
    seen.name = caller.name;
    seen.since = caller.since;
    seen.order = caller.order;
    seen.priority = caller.queue->settings.priority;
    seen.position = position;
    seen.is_offered = !caller.rung.empty();
    seen.is_callback = caller.wants_callback;
    for (const auto* person : caller.rung) {
        if (!person->is_number) seen.rung_operators.push_back(person->id);
    }
    return seen;
}

}  // namespace

OperatorView view(const OperatorRecord& person) {
    OperatorView seen;
    seen.domain = person.domain;
    seen.id = person.id;
    seen.name = person.name;
    seen.group = person.group;
    seen.supervisor = person.supervisor;
    seen.state = state_of(person);
    const bool has_reason = seen.state == OperatorState::auxwork || seen.state == OperatorState::blocked;
    if (has_reason) seen.reason = person.reason;
    seen.since = person.since;
    seen.number = person.number;
    if (!person.engaged.empty()) {
        seen.leg = person.engaged.back().leg;
        seen.call = person.engaged.back().call;
    } else if (person.offer) {
        seen.leg = person.offer->leg;
        seen.call = person.offer->call;
    }
    seen.queue = queue_of(person);
    seen.queues.reserve(person.queues.size());
    for (const auto* queue : person.queues) seen.queues.push_back(queue->settings.id);
    seen.today = difference(person.statistics.total(), person.at_login);
    return seen;
}

QueueView view(const QueueRecord& queue) {
    QueueView seen;
    seen.domain = queue.domain;
    seen.id = queue.settings.id;
    seen.name = queue.settings.name.empty() ? queue.settings.id : queue.settings.name;
    seen.number = queue.settings.number;
    seen.strategy = queue.settings.strategy;
    seen.waiting = queue.waiting.size();
    if (!queue.waiting.empty()) seen.waiting_since = queue.waiting.begin()->second->since;
    seen.operator_ids.reserve(queue.servers.size());
    for (const auto& server : queue.servers) {
        seen.operator_ids.push_back(server.who->id);
        if (server.who->logged_in) ++seen.operators;
        if (state_of(*server.who) == OperatorState::available) ++seen.available;
    }
    seen.total = queue.statistics.total();
    return seen;
}

WaitingView view(const WaitingCaller& caller) {
    return view_at(caller, position_of(caller));
}

std::vector<OperatorView> list_operators(Core& core, Office& office, std::string_view id,
                                         std::string_view group) {
    std::vector<OperatorView> seen;
    for (auto& [key, person] : office.operators) {
        const bool asked_for = (id.empty() || id == key) && (group.empty() || group == person->group);
        if (person->is_gone || !asked_for) continue;
        core.account(*person);
        seen.push_back(view(*person));
    }
    return seen;
}

std::vector<GroupView> list_groups(const Office& office) {
    std::map<std::string, GroupView> groups;
    for (const auto& [id, person] : office.operators) {
        if (person->is_gone || person->group.empty()) continue;
        auto& group = groups[person->group];
        group.domain = office.name;
        group.name = person->group;
        ++group.operators;
        group.operator_ids.push_back(id);
        if (person->logged_in) ++group.logged_in;
        const auto state = state_of(*person);
        if (state == OperatorState::available) ++group.available;
        if (state == OperatorState::busy) ++group.busy;
    }
    std::vector<GroupView> seen;
    seen.reserve(groups.size());
    for (auto& [name, group] : groups) seen.push_back(std::move(group));
    return seen;
}

std::vector<QueueView> list_queues(Core& core, Office& office, std::string_view id) {
    core.account(office);
    std::vector<QueueView> seen;
    for (const auto& [key, queue] : office.queues) {
        if (!queue->is_gone && (id.empty() || id == key)) seen.push_back(view(*queue));
    }
    return seen;
}

std::vector<WaitingView> list_waiting(const Office& office, std::string_view queue_id) {
    std::vector<WaitingView> seen;
    for (const auto& [key, queue] : office.queues) {
        if (!queue_id.empty() && queue_id != key) continue;
        std::size_t position = 0;
        for (const auto& [place, caller] : queue->waiting) {
            seen.push_back(view_at(*caller, ++position));
        }
    }
    return seen;
}

std::vector<QueueInterval> queue_figures(Core& core, Office& office, std::string_view id) {
    core.account(office);
    std::vector<QueueInterval> all;
    for (const auto& [key, queue] : office.queues) {
        if (queue->is_gone || (!id.empty() && id != key)) continue;
        for (const auto& [begin, figures] : queue->statistics.intervals())
            all.push_back({key, begin, figures});
        all.push_back({key, {}, queue->statistics.total()});
    }
    return all;
}

std::vector<OperatorInterval> operator_figures(Core& core, const Office& office, std::string_view id) {
    std::vector<OperatorInterval> all;
    for (const auto& [key, person] : office.operators) {
        if (person->is_gone || (!id.empty() && id != key)) continue;
        core.account(*person);
        for (const auto& [begin, figures] : person->statistics.intervals())
            all.push_back({key, begin, figures});
        all.push_back({key, {}, person->statistics.total()});
    }
    return all;
}

Snapshot snapshot(Core& core, Office& office) {
    return {core.feed.newest(), list_operators(core, office, {}, {}), list_queues(core, office, {}),
            list_waiting(office, {})};
}

}  // namespace patchbay::acd
