#include "acd/desk.hpp"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "acd/commands.hpp"
#include "acd/core.hpp"
#include "acd/dial.hpp"
#include "acd/fold.hpp"
#include "acd/line.hpp"
#include "acd/meters.hpp"
#include "acd/seats.hpp"
#include "acd/views.hpp"
#include "base/log.hpp"

namespace patchbay::acd {
namespace {

// What others know of an operator from the configuration.
struct Known {
    std::string name, group;
    bool supervisor = false;
    std::vector<QueueRecord*> queues;
    bool operator==(const Known&) const = default;
};
using Everybody = std::unordered_map<const OperatorRecord*, Known>;

Known known_of(const OperatorRecord& person) {
    return {person.name, person.group, person.supervisor, person.queues};
}

Everybody everybody(Core& core) {
    Everybody all;
    for (auto& [name, office] : core.roster.all()) {
        for (auto& [id, person] : office.operators) {
            if (!person->is_gone) all.emplace(person.get(), known_of(*person));
        }
    }
    return all;
}

void tell_operators(Core& core, Office& office, const Everybody& before) {
    for (auto& [id, person] : office.operators) {
        const auto known = before.find(person.get());
        const bool is_new = known == before.end();
        if (person->is_gone) {
            end_session(core, *person);
            if (!is_new) core.publish(office.name, OperatorRemoved{office.name, id});
            continue;
        }
        if (is_new && person->told == OperatorState::stopped) person->since = core.clock.now();
        if (is_new || known->second != known_of(*person)) core.tell(*person);
    }
}

void close_gone(Core& core, Office& office) {
    for (auto& [id, queue] : office.queues) {
        if (!queue->is_gone) {
            core.changed(*queue);
            core.due(*queue);
            continue;
        }
        if (!std::exchange(queue->was_removed, true))
            core.publish(office.name, QueueRemoved{office.name, id});
        for (auto at = queue->waiting.begin(); at != queue->waiting.end();) {
            auto& caller = *(at++)->second;
            give_up(core, caller);
        }
    }
}

}  // namespace

struct Desk::State {
    State(config::ConfigPtr given, Clock& clock, Timers& timers)
        : config(std::move(given)), core(*config, clock, timers) {}

    config::ConfigPtr config;
    Core core;
    CommandMeters meters;
};

Desk::Desk(config::ConfigPtr config, Clock& clock, Timers& timers)
    : state_(std::make_unique<State>(std::move(config), clock, timers)) {}

Desk::~Desk() = default;

void Desk::start(call::Switch& calls) {
    state_->core.calls = &calls;
}

void Desk::execute(const Command& command, const Reply& reply) {
    auto result = carry_out(state_->core, command);
    state_->core.run();
    const std::string code = result ? "done" : result.error().code;
    state_->meters.count(command.dialect, name(command.action), code);
    log::info("acd", "{}: {} {}", command.dialect, name(command.action), code);
    reply(std::move(result));
}

void Desk::reload(config::ConfigPtr config) {
    auto& core = state_->core;
    state_->config = std::move(config);
    const auto before = everybody(core);
    core.roster.reload(*state_->config);
    for (auto& [name, office] : core.roster.all()) {
        close_gone(core, office);
        tell_operators(core, office, before);
    }
}

void Desk::subscribe(const std::string& domain, std::uint64_t after,
                     const std::weak_ptr<Listener>& listener) {
    auto& core = state_->core;
    auto* office = core.roster.office(domain);
    if (office == nullptr) return;
    core.feed.subscribe(office->name, after, listener, [&] { return snapshot(core, *office); });
}

void Desk::publish(call::Event event) {
    take(state_->core, event);
}

bool Desk::dialled(const std::string& domain, const std::string& number, const std::string& code) {
    const auto* settings = state_->config->domain(domain);
    return settings != nullptr && dial(state_->core, *settings, number, code);
}

}  // namespace patchbay::acd
