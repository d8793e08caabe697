#include "centre.hpp"

#include <cmath>

#include "call/cause.hpp"
#include "world_config.hpp"

namespace patchbay::simulation {

using namespace call;

namespace {

const std::string domain_name = "centre.local";
constexpr Milliseconds between_checks{60'000};
constexpr Milliseconds break_length{600'000};

void vary(config::Queue& queue, std::uint64_t number) {
    queue.strategy = strategies.at(number % strategies.size());
    queue.priority = static_cast<int>(number % 3);
    queue.on_missed = number % 2 == 0 ? "block" : "none";
    queue.min_level = 80;
    queue.relax_after = Seconds{5};
}

}  // namespace

config::ConfigPtr Centre::config_of(std::uint64_t seed, const Habits& habits) {
    auto config = std::make_shared<config::Config>();
    config::Domain domain;
    domain.name = domain_name;
    for (int q = 0; q < habits.queues; ++q) {
        config::Queue queue;
        queue.id = "q" + std::to_string(q);
        queue.number = std::to_string(6000 + q);
        queue.wrap_up = habits.wrap_up;
        queue.on_missed = queue.on_rejected = "none";
        if (habits.varied) vary(queue, seed + static_cast<std::uint64_t>(q));
        domain.queues.push_back(queue);
    }
    config::Trunk trunk;
    trunk.name = "provider";
    for (const auto& queue : domain.queues) trunk.inbound.numbers[queue.number] = queue.number;
    domain.trunks.push_back(trunk);
    for (int i = 0; i < habits.operators; ++i) {
        const auto number = std::to_string(1000 + i);
        auto& extension = domain.extensions.emplace_back();
        extension.id = 1000 + i;
        extension.number = number;
        auto& person = domain.operators.emplace_back();
        person.id = person.number = number;
        person.group = "sales";
        for (int q = 0; q < habits.queues_of_operator; ++q) {
            auto& queue = domain.queues[static_cast<std::size_t>((i + q) % habits.queues)];
            queue.operators.push_back(number);
            queue.levels[number] = 50 + i % 51;
        }
    }
    config->domains.push_back(std::move(domain));
    return config;
}

Centre::Centre(std::uint64_t seed, const Habits& habits)
    : habits_(habits),
      random_(seed),
      config_(config_of(seed, habits)),
      desk_(config_, clock_, timers_),
      switch_(config_, {clock_, timers_, phones_, ports_, events_, &desk_}) {
    desk_.start(switch_);
    log_in_all();
    next_caller();
}

void Centre::Events::publish(Event event) {
    centre_.desk_.publish(std::move(event));
}

Milliseconds Centre::exponential(Milliseconds mean) {
    return Milliseconds{std::llround(-std::log(1 - chance()) * static_cast<double>(mean.count()))};
}

void Centre::log_in_all() {
    for (int i = 0; i < habits_.operators; ++i) {
        ask(acd::Login{std::to_string(1000 + i), "", false});
        if (habits_.between_breaks > Milliseconds{0}) plan_break(i);
    }
}

void Centre::plan_break(int person) {
    const auto id = std::to_string(1000 + person);
    timers_.after(exponential(habits_.between_breaks), [this, person, id] {
        ask(acd::Auxwork{id, "tea"});
        timers_.after(break_length, [this, person, id] {
            ask(acd::MakeAvailable{id});
            if (is_open_) plan_break(person);
        });
    });
}

void Centre::next_caller() {
    const auto mean = 3'600'000 / habits_.calls_an_hour;
    const auto wait = -std::log(1 - chance()) * mean;
    timers_.after(Milliseconds{std::llround(wait)}, [this] {
        if (!is_open_) return;
        call_in();
        next_caller();
    });
}

void Centre::call_in() {
    ++callers_;
    const auto leg = switch_.new_leg();
    alive_[leg] = LegState::connected;
    Incoming incoming;
    incoming.domain = domain_name;
    incoming.trunk = "provider";
    incoming.from.number = "+7913";
    incoming.to = std::to_string(6000 + static_cast<int>(chance() * habits_.queues));
    switch_.incoming(leg, incoming);
    if (habits_.patience == Milliseconds{0}) return;
    timers_.after(exponential(habits_.patience), [this, leg] {
        // Whoever talks by then stays.
        const auto phone = alive_.find(leg);
        if (phone != alive_.end() && phone->second == LegState::connected) hang_up(leg);
    });
}

void Centre::phone_rings(LegId leg) {
    alive_[leg] = LegState::alerting;
    const auto longest = static_cast<double>(habits_.longest_answer.count());
    timers_.after(Milliseconds{std::llround(chance() * longest)}, [this, leg] { phone_acts(leg); });
}

// The operator's phone does what its owner does. The leg may be gone by now: a late answer is ignored.
void Centre::phone_acts(LegId leg) {
    const auto way = chance();
    if (way < habits_.missed) return;
    if (way < habits_.missed + habits_.rejected) {
        if (alive_.erase(leg) > 0) switch_.ended(leg, causes::declined);
        return;
    }
    switch_.answered(leg);
    const auto phone = alive_.find(leg);
    if (phone == alive_.end()) return;
    phone->second = LegState::held;  // in a talk
    timers_.after(exponential(habits_.talk), [this, leg] { hang_up(leg); });
}

void Centre::hang_up(LegId leg) {
    if (alive_.erase(leg) > 0) switch_.ended(leg, causes::hung_up);
}

acd::Outcome Centre::ask(acd::Action action) {
    acd::Outcome outcome;
    desk_.execute({domain_name, std::move(action), "api"}, [&](const Result<acd::Outcome>& result) {
        if (result) outcome = *result;
    });
    return outcome;
}

void Centre::run_until(Ticks end) {
    for (auto next = timers_.next(); next && *next <= end; next = timers_.next()) {
        clock_.pass(*next - clock_.ticks());
        timers_.run_due();
    }
    clock_.pass(end - clock_.ticks());
}

void Centre::work(Milliseconds time) {
    const auto end = clock_.ticks() + time;
    while (clock_.ticks() < end && !breach_) {
        run_until(std::min(end, clock_.ticks() + between_checks));
        check();
    }
}

acd::QueueFigures Centre::figures() {
    acd::QueueFigures all;
    for (const auto& queue : ask(acd::ListQueues{}).queues) all.add(queue.total);
    return all;
}

void Centre::check() {
    if (switch_.legs() != alive_.size()) breach_.note("SIP has other legs than the switch");
    if (ports_.open_ports != static_cast<std::int64_t>(alive_.size())) breach_.note("a port without a leg");
    for (const auto& person : ask(acd::ListOperators{}).operators) {
        // A supervisor looks in.
        if (person.state == acd::OperatorState::blocked) ask(acd::Unblock{person.id});
        const auto phone = alive_.find(person.leg);
        const bool has_leg = phone != alive_.end();
        const bool works =
            person.state == acd::OperatorState::reserved || person.state == acd::OperatorState::busy;
        if (works != has_leg) breach_.note("an operator's state and leg differ", person.id);
        const bool rings = has_leg && phone->second == LegState::alerting;
        if ((person.state == acd::OperatorState::reserved) != rings) {
            breach_.note("reserved without a ringing leg, or the other way round", person.id);
        }
    }
    for (const auto& caller : ask(acd::ListWaiting{}).waiting) {
        if (!alive_.contains(caller.leg)) breach_.note("a caller waits who hung up", caller.leg.text());
    }
    for (const auto& queue : ask(acd::ListQueues{}).queues) {
        const auto& f = queue.total;
        const auto left = f.answered + f.abandoned + f.abandoned_short + f.overflowed + f.moved + f.callbacks;
        if (f.entered != left + queue.waiting) breach_.note("a caller was not counted once", queue.id);
    }
}

void Centre::close() {
    is_open_ = false;
    work(std::chrono::hours{3});
    for (int i = 0; i < habits_.operators; ++i) ask(acd::ForceLogout{std::to_string(1000 + i)});
    // The last breaks that were planned are far apart.
    for (int hour = 0; hour < 48 && timers_.size() > 0; ++hour) work(std::chrono::hours{1});
    if (switch_.legs() != 0 || !alive_.empty()) breach_.note("a call is left when all have gone home");
    if (timers_.size() != 0) breach_.note("a timer is left when all have gone home");
    const auto all = figures();
    if (all.entered != callers_) breach_.note("not every caller entered a queue once");
}

}  // namespace patchbay::simulation
