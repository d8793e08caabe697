#include "acd/line.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "acd/announcement.hpp"
#include "acd/distribution.hpp"
#include "acd/meters.hpp"
#include "acd/seats.hpp"
#include "acd/views.hpp"

namespace patchbay::acd {
namespace {

constexpr int most_passings = 5;
constexpr Seconds overflow_ring_time{60};
constexpr Seconds first_announcement{3};
constexpr Milliseconds welcome_delay{500};  ///< the phone has just been answered and may not play yet
constexpr Seconds longest_kept{86400};      ///< a place for a callback, when the queue sets no longest wait

// Says it, unless there is nothing to be said.
void say(Core& core, const WaitingCaller& caller, std::vector<std::string> sounds) {
    if (sounds.empty()) return;
    (void)core.command(caller.queue->domain, call::Announce{caller.leg, std::move(sounds)}).ok();
}

void announce_after(Core& core, WaitingCaller& caller, Seconds delay) {
    caller.announcement = core.timers.after(delay, [&core, &caller] {
        auto sounds = announcement_for(caller, core.sounds, core.clock.now());
        announce_after(core, caller, caller.queue->settings.announce_every);
        say(core, caller, std::move(sounds));
    });
}

// What is announced follows the welcome at once.
void welcome(Core& core, WaitingCaller& caller) {
    caller.announcement = core.timers.after(welcome_delay, [&core, &caller] {
        const auto& settings = caller.queue->settings;
        auto sounds = settings.welcome;
        std::ranges::move(announcement_for(caller, core.sounds, core.clock.now()),
                          std::back_inserter(sounds));
        if (settings.announce != "none") announce_after(core, caller, settings.announce_every);
        say(core, caller, std::move(sounds));
    });
}

void relax_after(Core& core, WaitingCaller& caller) {
    const auto delay = caller.queue->settings.relax_after;
    caller.relaxation = core.timers.after(delay, [&core, &caller] {
        relax_after(core, caller);
        core.due(*caller.queue);
    });
}

void give_up_after(Core& core, WaitingCaller& caller, Seconds patience) {
    caller.patience = core.timers.after(patience, [&core, &caller] {
        caller.patience = {};
        give_up(core, caller);
    });
}

void start_timers(Core& core, WaitingCaller& caller) {
    const auto& settings = caller.queue->settings;
    if (settings.max_wait > Seconds{0}) give_up_after(core, caller, settings.max_wait);
    if (!settings.welcome.empty()) {
        welcome(core, caller);
    } else if (settings.announce != "none") {
        announce_after(core, caller, first_announcement);
    }
    if (settings.strategy == "skills" && settings.relax_after > Seconds{0}) relax_after(core, caller);
}

void stop_timers(Core& core, const WaitingCaller& caller) {
    core.timers.cancel(caller.patience);
    core.timers.cancel(caller.announcement);
    core.timers.cancel(caller.relaxation);
    core.timers.cancel(caller.retry);
}

WaitingCaller& add(Core& core, QueueRecord& queue, LegId leg, CallRef call, Time since) {
    auto caller = std::make_unique<WaitingCaller>();
    caller->queue = &queue;
    caller->leg = leg;
    caller->call = call;
    caller->since = since;
    caller->order = ++core.last_order;
    if (const auto facts = core.facts.find(leg); facts != core.facts.end()) {
        caller->number = facts->second->number;
        caller->name = facts->second->display_name;
    }
    auto& added = *caller;
    queue.waiting.emplace(QueueRecord::Place{since, added.order}, std::move(caller));
    if (leg) core.waiting[leg] = &added;
    return added;
}

// What one caller who leaves adds to the queue's figures.
QueueFigures figures_of(const config::Queue& settings, Leaving how, Milliseconds waited) {
    QueueFigures figures;
    figures.longest_wait = waited;
    switch (how) {
        case Leaving::answered:
            figures.answered = 1;
            figures.waited = waited;
            if (waited <= settings.service_level) figures.answered_in_time = 1;
            break;
        case Leaving::abandoned:
            (waited < settings.short_abandon ? figures.abandoned_short : figures.abandoned) = 1;
            break;
        case Leaving::overflowed:
            figures.overflowed = 1;
            break;
        case Leaving::moved:
            figures.moved = 1;
            break;
        case Leaving::callback:
            figures.callbacks = 1;
            break;
    }
    return figures;
}

// Phones that ring for who has left: their legs end by themselves when the caller hung up or somebody
// answered.
void drop_offers(Core& core, WaitingCaller& caller, Leaving how) {
    for (auto* person : caller.rung) {
        if (!person->offer || person->offer->caller != &caller) continue;
        if (how == Leaving::overflowed || how == Leaving::moved) withdraw(core, *person);
        person->offer->caller = nullptr;
    }
    caller.rung.clear();
}

}  // namespace

std::size_t position_of(const WaitingCaller& caller) {
    const auto& line = caller.queue->waiting;
    const auto place = line.find({caller.since, caller.order});
    return static_cast<std::size_t>(std::distance(line.begin(), place)) + 1;
}

void enter_queue(Core& core, LegId leg, CallRef call, const std::string& queue_id) {
    const auto known = core.facts.find(leg);
    auto* office = known == core.facts.end() ? nullptr : core.roster.office(known->second->domain);
    auto* queue = office == nullptr ? nullptr : office->queue(queue_id);
    if (queue == nullptr) {
        if (office != nullptr) core.clear(office->name, leg);
        return;
    }
    auto since = core.clock.now();
    if (const auto before = core.waiting.find(leg); before != core.waiting.end()) {
        auto& caller = *before->second;
        if (caller.queue == queue) return;
        since = caller.since;
        const bool gave_up = std::exchange(core.passing[leg].gave_up, false);
        leave_queue(core, caller, gave_up ? Leaving::overflowed : Leaving::moved, nullptr,
                    queue->settings.number);
    }
    queue->statistics.count(core.clock.now(), [](QueueFigures& f) { ++f.entered; });
    auto& caller = add(core, *queue, leg, call, since);
    core.publish(queue->domain, CallerQueued{view(caller)});
    core.changed(*queue);
    const auto most = static_cast<std::size_t>(queue->settings.length);
    if (most > 0 && queue->waiting.size() > most) return give_up(core, caller);
    start_timers(core, caller);
    core.due(*queue);
}

void leave_queue(Core& core, WaitingCaller& caller, Leaving how, OperatorRecord* who, const std::string& to) {
    auto& queue = *caller.queue;
    const auto waited = core.clock.now() - caller.since;
    const auto figures = figures_of(queue.settings, how, waited);
    queue.statistics.count(core.clock.now(), [&](QueueFigures& f) { f.add(figures); });
    queue.meters->left(figures, waited);
    stop_timers(core, caller);
    drop_offers(core, caller, how);
    core.publish(queue.domain, CallerLeft{view(caller), how, who == nullptr || who->is_number ? "" : who->id,
                                          who == nullptr ? to : who->number, waited});
    core.changed(queue);
    core.waiting.erase(caller.leg);
    queue.waiting.erase({caller.since, caller.order});
}

void keep_place(Core& core, WaitingCaller& caller) {
    auto& queue = *caller.queue;
    const auto number = caller.number, name = caller.name;
    const auto since = caller.since;
    leave_queue(core, caller, Leaving::callback, nullptr, {});
    queue.statistics.count(core.clock.now(), [](QueueFigures& f) { ++f.entered; });
    auto& kept = add(core, queue, {}, {}, since);
    kept.number = number;
    kept.name = name;
    kept.wants_callback = true;
    const auto most = queue.settings.max_wait;
    give_up_after(core, kept, most > Seconds{0} ? most : longest_kept);
    core.publish(queue.domain, CallerQueued{view(kept)});
    core.due(queue);
}

void give_up(Core& core, WaitingCaller& caller) {
    if (!caller.leg) return leave_queue(core, caller, Leaving::overflowed, nullptr, {});
    const auto leg = caller.leg;
    const auto domain = caller.queue->domain;
    const auto to = caller.queue->settings.overflow;
    auto& passing = core.passing[leg];
    passing.gave_up = true;
    const bool goes_on = !to.empty() && ++passing.times <= most_passings;
    const auto* next = core.roster.office(domain)->queue_at(to);
    if (goes_on && next != nullptr) {
        core.later([&core, domain, leg, id = next->settings.id] {
            if (!core.command(domain, call::Enqueue{leg, id})) core.clear(domain, leg);
        });
        return;
    }
    leave_queue(core, caller, Leaving::overflowed, nullptr, goes_on ? to : "");
    if (!goes_on) return core.clear(domain, leg);
    core.later([&core, domain, leg, to] {
        if (!send_to(core, domain, leg, to)) core.clear(domain, leg);
    });
}

Result<Done> send_to(Core& core, const std::string& domain, LegId leg, const std::string& to) {
    const auto rung = core.ring(domain, call::Offer{leg, to, overflow_ring_time});
    if (!rung) return rung.error();
    core.sent[rung->id] = leg;
    auto* person = core.roster.office(domain)->person(rung->facts->operator_id);
    if (person != nullptr) engage(core, *person, rung->id, rung->call);
    return Done{};
}

}  // namespace patchbay::acd
