#include "acd/distribution.hpp"

#include <algorithm>
#include <tuple>

#include "acd/line.hpp"
#include "acd/seats.hpp"
#include "acd/strategy.hpp"
#include "acd/views.hpp"
#include "call/cause.hpp"

namespace patchbay::acd {
namespace {

constexpr Seconds unreachable_time{5};  ///< a phone that cannot be rung is not tried again before

// One queue while its callers are gone through.
struct Cursor {
    QueueRecord* queue;
    std::map<QueueRecord::Place, std::unique_ptr<WaitingCaller>>::iterator at;

    bool is_ready(Time now) const {
        const auto& caller = *at->second;
        if (caller.wants_callback && caller.leg) return false;  // just hanging up
        if (caller.put_off_until > now) return false;
        return caller.rung.empty() || queue->settings.strategy == "ring_all";
    }
    void skip_rung(Time now) {
        while (at != queue->waiting.end() && !is_ready(now)) ++at;
    }
    bool is_done() const { return at == queue->waiting.end(); }
    auto rank() const { return std::tuple(-queue->settings.priority, at->first); }
};

// Whoever is called back has no leg yet: the operator's phone is rung first.
call::Action ring_command(const QueueRecord& queue, const WaitingCaller& caller,
                          const OperatorRecord& person) {
    const auto& settings = queue.settings;
    if (caller.leg) return call::Offer{caller.leg, person.number, settings.ring_time};
    return call::Originate{person.number, settings.callback_prefix + caller.number, {}, settings.id};
}

// Whoever is to be called back cannot be, or not from that operator's phone: others are served meanwhile.
void put_off(Core& core, QueueRecord& queue, WaitingCaller& caller) {
    caller.put_off_until = core.clock.now() + unreachable_time;
    core.timers.cancel(caller.retry);
    caller.retry = core.timers.after(unreachable_time, [&core, &queue, &caller] {
        caller.retry = {};
        core.due(queue);
    });
}

bool ring(Core& core, QueueRecord& queue, WaitingCaller& caller, OperatorRecord& person) {
    const auto rung = core.ring(queue.domain, ring_command(queue, caller, person));
    if (!rung) {
        if (caller.leg) {
            core.pass_over(person, unreachable_time);
        } else {
            put_off(core, queue, caller);
        }
        return false;
    }
    person.offer = AgentOffer{rung->id, rung->call, &caller, &queue, false};
    core.offers[rung->id] = &person;
    if (!caller.leg) core.callbacks[rung->call] = rung->id;
    caller.rung.push_back(&person);
    core.publish(queue.domain,
                 CallerOffered{view(caller), person.is_number ? "" : person.id, person.number, rung->id});
    core.refresh(person);
    return true;
}

void take_turn(QueueRecord& queue, const OperatorRecord& person) {
    const auto place = std::ranges::find(queue.servers, &person, &Server::who);
    if (place != queue.servers.end()) {
        queue.next_in_turn = static_cast<std::size_t>(place - queue.servers.begin()) + 1;
    }
}

// Rings for the caller. False when nobody could be had.
bool serve(Core& core, QueueRecord& queue, WaitingCaller& caller) {
    const bool was_rung = !caller.rung.empty();
    for (;;) {
        const auto chosen = choose(queue, caller, core.clock.now());
        if (chosen.empty()) return false;
        bool rings = false;
        for (auto* person : chosen) rings = ring(core, queue, caller, *person) || rings;
        if (!rings && caller.put_off_until > core.clock.now()) return false;
        if (!rings) continue;  // those are unreachable now: others may be had
        take_turn(queue, *chosen.front());
        if (!was_rung) ++caller.attempts;
        return true;
    }
}

bool can_serve_others(const QueueRecord& queue, Time now) {
    return queue.settings.strategy == "skills" &&
           std::ranges::any_of(queue.servers, [&](const auto& server) { return is_free(*server.who, now); });
}

void forget_rung(WaitingCaller& caller, const OperatorRecord& person) {
    std::erase(caller.rung, &person);
}

void note_tried(WaitingCaller& caller, OperatorRecord& person) {
    if (std::ranges::find(caller.tried, &person) == caller.tried.end()) caller.tried.push_back(&person);
}

void punish(OperatorRecord& person, const std::string& penalty, const char* reason) {
    if (person.is_number || penalty == "none") return;
    (penalty == "block" ? person.blocked : person.on_break) = true;
    person.reason = reason;
}

void note_not_taken(Core& core, OperatorRecord& person, QueueRecord& queue, bool rejected) {
    const auto now = core.clock.now();
    queue.statistics.count(now, [](QueueFigures& f) { ++f.missed; });
    person.statistics.count(now, [&](OperatorFigures& f) { ++(rejected ? f.rejected : f.missed); });
    punish(person, rejected ? queue.settings.on_rejected : queue.settings.on_missed,
           rejected ? "rejected" : "missed");
}

}  // namespace

void distribute(Core& core) {
    std::vector<Cursor> cursors;
    for (auto* queue : core.take_due()) cursors.push_back({queue, queue->waiting.begin()});
    for (;;) {
        for (auto& cursor : cursors) cursor.skip_rung(core.clock.now());
        std::erase_if(cursors, [](const Cursor& cursor) { return cursor.is_done(); });
        if (cursors.empty()) return;
        const auto first = std::ranges::min_element(cursors, {}, &Cursor::rank);
        auto& caller = *first->at->second;
        const bool rings = serve(core, *first->queue, caller);
        ++first->at;
        const auto now = core.clock.now();
        const bool is_put_off = caller.put_off_until > now;
        if (!rings && !is_put_off && !can_serve_others(*first->queue, now)) cursors.erase(first);
    }
}

void offer_answered(Core& core, OperatorRecord& person) {
    const auto offer = *person.offer;
    core.account(person);
    person.offer.reset();
    core.offers.erase(offer.leg);
    person.engaged.push_back({offer.leg, offer.call, offer.queue, true});
    core.engaged[offer.leg] = &person;
    person.statistics.count(core.clock.now(), [](OperatorFigures& f) { ++f.answered; });
    if (offer.caller != nullptr) leave_queue(core, *offer.caller, Leaving::answered, &person, {});
    core.refresh(person);
}

void offer_ended(Core& core, OperatorRecord& person, const call::Cause& cause) {
    const auto offer = *person.offer;
    person.offer.reset();
    core.offers.erase(offer.leg);
    auto* caller = offer.caller;
    if (caller != nullptr) forget_rung(*caller, person);
    // With the caller gone, whoever was rung for it is not to blame.
    if (caller != nullptr && !offer.is_withdrawn) {
        const bool missed =
            cause.slug == call::causes::no_answer.slug || cause.slug == call::causes::no_response.slug;
        const bool rejected = cause.by == call::CauseBy::remote || cause.slug == call::causes::refused.slug;
        note_tried(*caller, person);
        if (missed || rejected) note_not_taken(core, person, *offer.queue, rejected);
    }
    core.refresh(person);
    if (caller == nullptr || !caller->rung.empty()) return;
    const int most = offer.queue->settings.attempts;
    if (most > 0 && caller->attempts >= most) return give_up(core, *caller);
    core.publish(caller->queue->domain, CallerWaiting{view(*caller)});
    core.due(*caller->queue);
}

void withdraw(Core& core, OperatorRecord& person) {
    if (!person.offer || person.offer->is_withdrawn) return;
    person.offer->is_withdrawn = true;
    core.clear(person.domain, person.offer->leg);
}

}  // namespace patchbay::acd
