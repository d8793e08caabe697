#include "acd/strategy.hpp"

#include <algorithm>
#include <tuple>

namespace patchbay::acd {
namespace {

constexpr int relaxed_levels = 10;  ///< for each relax_after of waiting

using Candidates = std::vector<const Server*>;

bool was_tried(const WaitingCaller& caller, const OperatorRecord* who) {
    return std::ranges::find(caller.tried, who) != caller.tried.end();
}

Candidates free_servers(const QueueRecord& queue, const WaitingCaller& caller, Time now) {
    const bool by_skill = queue.settings.strategy == "skills";
    const int level = by_skill ? required_level(queue.settings, now - caller.since) : 0;
    Candidates all, fresh;
    for (const auto& server : queue.servers) {
        if (server.level < level || !is_free(*server.who, now)) continue;
        all.push_back(&server);
        if (!was_tried(caller, server.who)) fresh.push_back(&server);
    }
    return fresh.empty() ? all : fresh;
}

// The one that is the least by `measure`; of equals the first in the queue's order.
template <typename Measure>
OperatorRecord* least(const Candidates& candidates, Measure measure) {
    return (*std::ranges::min_element(candidates, {}, [&](const Server* s) { return measure(*s); }))->who;
}

OperatorRecord* next_in_turn(const QueueRecord& queue, const Candidates& candidates) {
    return least(candidates, [&](const Server& server) {
        const auto place = static_cast<std::size_t>(&server - queue.servers.data());
        const auto count = queue.servers.size();
        return (place + count - queue.next_in_turn % count) % count;
    });
}

OperatorRecord* choose_one(const QueueRecord& queue, const Candidates& candidates) {
    const auto& strategy = queue.settings.strategy;
    const auto idle_since = [](const Server& s) { return s.who->idle_since; };
    if (strategy == "top_down") return candidates.front()->who;
    if (strategy == "round_robin") return next_in_turn(queue, candidates);
    if (strategy == "least_talk") {
        return least(candidates, [&](const Server& s) {
            const auto& all = s.who->statistics.total();
            return std::tuple(all.talk + all.held, idle_since(s));
        });
    }
    if (strategy == "fewest_calls") {
        return least(candidates, [&](const Server& s) {
            return std::tuple(s.who->statistics.total().answered, idle_since(s));
        });
    }
    if (strategy == "skills") {
        return least(candidates, [&](const Server& s) { return std::tuple(-s.level, idle_since(s)); });
    }
    return least(candidates, idle_since);  // longest_idle
}

std::vector<OperatorRecord*> all_of(const Candidates& candidates) {
    std::vector<OperatorRecord*> all;
    all.reserve(candidates.size());
    for (const auto* server : candidates) all.push_back(server->who);
    return all;
}

std::vector<OperatorRecord*> free_number(const QueueRecord& queue, const WaitingCaller& caller, Time now) {
    OperatorRecord* again = nullptr;
    for (auto* number : queue.numbers) {
        if (!is_free(*number, now)) continue;
        if (!was_tried(caller, number)) return {number};
        if (again == nullptr) again = number;
    }
    if (again == nullptr) return {};
    return {again};
}

}  // namespace

bool is_free(const OperatorRecord& person, Time now) {
    return state_of(person) == OperatorState::available && person.unreachable_until <= now;
}

int required_level(const config::Queue& settings, Milliseconds waited) {
    if (settings.relax_after == Seconds{0}) return settings.min_level;
    const auto steps = waited / Milliseconds{settings.relax_after};
    return static_cast<int>(std::max<std::int64_t>(0, settings.min_level - relaxed_levels * steps));
}

std::vector<OperatorRecord*> choose(const QueueRecord& queue, const WaitingCaller& caller, Time now) {
    const auto candidates = free_servers(queue, caller, now);
    if (candidates.empty()) return free_number(queue, caller, now);
    if (queue.settings.strategy == "ring_all") return all_of(candidates);
    return {choose_one(queue, candidates)};
}

}  // namespace patchbay::acd
