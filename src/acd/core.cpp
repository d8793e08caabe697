#include "acd/core.hpp"

#include <algorithm>
#include <utility>

#include "acd/accounting.hpp"
#include "acd/distribution.hpp"
#include "acd/meters.hpp"
#include "acd/seats.hpp"
#include "acd/views.hpp"

namespace patchbay::acd {
namespace {

constexpr Seconds meters_period{5};

bool is_idle(OperatorState state) {
    return state == OperatorState::available || state == OperatorState::auxwork ||
           state == OperatorState::blocked;
}

LegId newest_leg(const OperatorRecord& person) {
    if (!person.engaged.empty()) return person.engaged.back().leg;
    return person.offer ? person.offer->leg : LegId{};
}

}  // namespace

Core::Core(const config::Config& config, Clock& given_clock, Timers& given_timers)
    : clock(given_clock),
      timers(given_timers),
      throttle([&given_clock] { return given_clock.ticks(); }),
      feed(given_clock.now()),
      sounds(config.media.sounds) {
    roster.reload(config);
    const auto now = clock.now();
    for (auto& [name, office] : roster.all()) {
        for (auto& [id, person] : office.operators) person->since = person->accounted = now;
    }
}

Core::~Core() {
    // The timers outlive us.
    timers.cancel(wake_);
    timers.cancel(meters_timer_);
    for (auto& [name, office] : roster.all()) {
        for (auto& [id, person] : office.operators) stop_timers(*person);
        for (auto& [number, record] : office.numbers) stop_timers(*record);
        for (auto& [id, queue] : office.queues) {
            for (auto& [place, caller] : queue->waiting) {
                timers.cancel(caller->patience);
                timers.cancel(caller->announcement);
                timers.cancel(caller->relaxation);
                timers.cancel(caller->retry);
            }
        }
    }
}

Result<call::Outcome> Core::command(const std::string& domain, call::Action action) {
    Result<call::Outcome> answer = call::Outcome{};
    calls->execute({{domain, "", ""}, std::move(action), "acd"},
                   [&](Result<call::Outcome> result) { answer = std::move(result); });
    return answer;
}

void Core::stop_timers(const OperatorRecord& person) {
    for (const auto timer :
         {person.finish_timer, person.logout_timer, person.supervise_timer, person.reach_timer}) {
        timers.cancel(timer);
    }
}

void Core::clear(const std::string& domain, LegId leg) {
    later([this, domain, leg] { (void)command(domain, call::Clear{leg}).ok(); });
}

Result<call::LegView> Core::ring(const std::string& domain, call::Action action) {
    rings = true;
    auto answer = command(domain, std::move(action));
    rings = false;
    if (!answer) return answer.error();
    return std::move(answer->legs.back());
}

void Core::later(std::function<void()> action) {
    todo_.push_back(std::move(action));
    wake();
}

void Core::wake() {
    if (wake_ || runs_) return;
    wake_ = timers.after(Milliseconds{0}, [this] {
        wake_ = {};
        run();
    });
}

void Core::run() {
    if (runs_) return;
    runs_ = true;
    while (!todo_.empty() || !due_.empty()) {
        for (const auto& action : std::exchange(todo_, {})) action();
        if (todo_.empty()) distribute(*this);
    }
    tell_queues();
    runs_ = false;
    timers.cancel(std::exchange(wake_, {}));
}

void Core::account(OperatorRecord& person) {
    const auto now = clock.now();
    count_time(person, std::exchange(person.accounted, now), now);
}

void Core::account(Office& office) {
    for (auto& [id, person] : office.operators) account(*person);
    for (auto& [number, record] : office.numbers) account(*record);
}

// What grows by itself is brought up to date now and then, as long as somebody works or waits.
void Core::keep_meters() {
    if (meters_timer_) return;
    meters_timer_ = timers.after(meters_period, [this] {
        meters_timer_ = {};
        bool goes_on = false;
        for (auto& [name, office] : roster.all()) goes_on = refresh_meters(office) || goes_on;
        if (goes_on) keep_meters();
    });
}

bool Core::refresh_meters(Office& office) {
    account(office);
    bool goes_on = std::ranges::any_of(
        office.operators, [](const auto& each) { return each.second->told != OperatorState::stopped; });
    for (auto& [id, queue] : office.queues) {
        if (queue->waiting.empty()) continue;
        goes_on = true;
        queue->meters->longest_wait(clock.now() - queue->waiting.begin()->second->since);
    }
    return goes_on;
}

void Core::refresh(OperatorRecord& person) {
    const auto state = state_of(person);
    const bool is_new = state != person.told;
    if (person.is_number) {
        if (state == OperatorState::available)
            std::ranges::for_each(person.queues, [&](auto* q) { due(*q); });
        return;
    }
    const auto leg = newest_leg(person);
    if (!is_new && person.reason == person.told_reason && person.number == person.told_number &&
        leg == person.told_leg) {
        return;
    }
    account(person);
    const auto before = std::exchange(person.told, state);
    person.told_reason = person.reason;
    person.told_number = person.number;
    person.told_leg = leg;
    if (is_new) {
        person.since = clock.now();
        if (state == OperatorState::available) person.idle_since = person.since;
        for (auto* queue : person.queues) {
            changed(*queue);
            if (state == OperatorState::available) due(*queue);
        }
    }
    watch_idleness(person);
    if (state != OperatorState::stopped) keep_meters();
    if (!person.is_gone) publish(person.domain, OperatorChanged{view(person), before});
}

void Core::tell(const OperatorRecord& person) {
    publish(person.domain, OperatorChanged{view(person), person.told});
}

void Core::watch_idleness(OperatorRecord& person) {
    timers.cancel(std::exchange(person.logout_timer, {}));
    const auto patience = roster.office(person.domain)->auto_logout;
    if (patience == Seconds{0} || !is_idle(person.told)) return;
    person.logout_timer = timers.after(patience, [this, &person] {
        person.logout_timer = {};
        end_session(*this, person);
        run();
    });
}

void Core::due(QueueRecord& queue) {
    if (queue.is_due || queue.waiting.empty()) return;
    queue.is_due = true;
    due_.push_back(&queue);
    wake();
}

void Core::pass_over(OperatorRecord& person, Milliseconds time) {
    person.unreachable_until = clock.now() + time;
    timers.cancel(person.reach_timer);
    person.reach_timer = timers.after(time, [this, &person] {
        person.reach_timer = {};
        for (auto* queue : person.queues) due(*queue);
    });
}

void Core::changed(QueueRecord& queue) {
    if (queue.is_changed) return;
    queue.is_changed = true;
    changed_.push_back(&queue);
    wake();
}

std::vector<QueueRecord*> Core::take_due() {
    auto queues = std::exchange(due_, {});
    for (auto* queue : queues) queue->is_due = false;
    return queues;
}

void Core::tell_queues() {
    for (auto* queue : std::exchange(changed_, {})) {
        queue->is_changed = false;
        if (queue->is_gone) continue;
        auto seen = view(*queue);
        tell_meters(*queue, seen);
        publish(queue->domain, QueueChanged{std::move(seen)});
    }
}

void Core::tell_meters(QueueRecord& queue, const QueueView& seen) {
    queue.meters->waiting(seen.waiting);
    queue.meters->available(seen.available);
    const bool is_empty = seen.waiting == 0;
    queue.meters->longest_wait(is_empty ? Milliseconds{0} : clock.now() - seen.waiting_since);
    if (!is_empty) keep_meters();
}

void Core::publish(const std::string& domain, EventBody body) {
    feed.publish(clock.now(), domain, std::move(body));
}

}  // namespace patchbay::acd
