#include "acd/seats.hpp"

#include <algorithm>
#include <utility>

#include "acd/distribution.hpp"

namespace patchbay::acd {
namespace {

Error refuse(std::string_view code, std::string text) {
    return {std::string(code), std::move(text)};
}

Error not_logged_in(const OperatorRecord& person) {
    return refuse(refusal::not_logged_in, "operator " + person.id + " is not logged in");
}

void seat(Core& core, const OperatorRecord& person, const std::string& number) {
    core.later([&core, domain = person.domain, id = person.id, number] {
        (void)core.command(domain, call::Seat{id, number}).ok();
    });
}

void end_finishing(Core& core, OperatorRecord& person) {
    core.timers.cancel(std::exchange(person.finish_timer, {}));
    core.account(person);
    person.finishing = nullptr;
}

void begin_finishing(Core& core, OperatorRecord& person, QueueRecord& queue) {
    end_finishing(core, person);
    const auto& settings = queue.settings;
    const bool has_work = settings.manual_completion || settings.wrap_up > Seconds{0};
    if (!has_work || !person.logged_in || person.is_number) return;
    person.finishing = &queue;
    if (settings.manual_completion) return;
    person.finish_timer = core.timers.after(settings.wrap_up, [&core, &person] {
        person.finish_timer = {};
        end_finishing(core, person);
        core.refresh(person);
    });
}

}  // namespace

Result<Done> log_in(Core& core, Office& office, OperatorRecord& person, const Login& command) {
    const auto number = command.number.empty() ? person.home : command.number;
    if (!office.extensions.contains(number)) {
        return refuse(refusal::no_such_number, "there is no extension " + number);
    }
    const auto* other = office.person_at(number);
    if (other != nullptr && other != &person) {
        return refuse(refusal::number_taken, "operator " + other->id + " works at " + number);
    }
    const bool moves = person.logged_in && person.number != number;
    if (moves && office.only_one_session && !command.take_over) {
        return refuse(refusal::already_logged_in, "operator " + person.id + " works at " + person.number);
    }
    if (moves) withdraw(core, person);
    if (!std::exchange(person.logged_in, true)) {
        person.at_login = person.statistics.total();
        person.on_break = false;
        for (auto* queue : person.queues) core.changed(*queue);
    }
    person.number = number;
    seat(core, person, number);
    core.refresh(person);
    return Done{};
}

Result<Done> log_out(Core& core, OperatorRecord& person) {
    if (!person.logged_in) return not_logged_in(person);
    if (!person.engaged.empty()) return refuse(refusal::wrong_state, "operator " + person.id + " has a call");
    end_session(core, person);
    return Done{};
}

void end_session(Core& core, OperatorRecord& person) {
    if (!person.logged_in) return;
    withdraw(core, person);
    end_finishing(core, person);
    person.logged_in = person.on_break = false;
    person.number.clear();
    if (!person.blocked) person.reason.clear();
    seat(core, person, "");
    core.refresh(person);
}

Result<Done> make_available(Core& core, OperatorRecord& person) {
    if (!person.logged_in) return not_logged_in(person);
    if (person.blocked) return refuse(refusal::is_blocked, "operator " + person.id + " is blocked");
    person.on_break = false;
    person.reason.clear();
    if (person.engaged.empty()) end_finishing(core, person);
    core.refresh(person);
    return Done{};
}

Result<Done> take_break(Core& core, OperatorRecord& person, const std::string& reason) {
    if (!person.logged_in) return not_logged_in(person);
    if (person.blocked) return refuse(refusal::is_blocked, "operator " + person.id + " is blocked");
    person.on_break = true;
    person.reason = reason;
    end_finishing(core, person);
    withdraw(core, person);
    core.refresh(person);
    return Done{};
}

Result<Done> block(Core& core, OperatorRecord& person, const std::string& reason) {
    person.blocked = true;
    person.reason = reason;
    withdraw(core, person);
    core.refresh(person);
    return Done{};
}

Result<Done> unblock(Core& core, OperatorRecord& person) {
    if (!person.blocked) return refuse(refusal::wrong_state, "operator " + person.id + " is not blocked");
    person.blocked = false;
    person.reason.clear();
    core.refresh(person);
    return Done{};
}

Result<Done> complete(Core& core, OperatorRecord& person) {
    if (person.finishing == nullptr) {
        return refuse(refusal::wrong_state, "operator " + person.id + " has no after-call work");
    }
    end_finishing(core, person);
    core.refresh(person);
    return Done{};
}

Result<Done> join_queue(Core& core, Office& office, OperatorRecord& person, QueueRecord& queue, bool joins) {
    const bool serves = std::ranges::find(person.queues, &queue) != person.queues.end();
    if (serves == joins) {
        return refuse(refusal::wrong_state, "operator " + person.id +
                                                (joins ? " serves " : " does not serve ") + "queue " +
                                                queue.settings.id);
    }
    queue.changes[person.id] = joins;
    Roster::assign(office);
    core.changed(queue);
    core.due(queue);
    core.tell(person);
    return Done{};
}

void engage(Core& core, OperatorRecord& person, LegId leg, CallRef call) {
    core.account(person);
    person.engaged.push_back({leg, call});
    core.engaged[leg] = &person;
    core.refresh(person);
}

void release(Core& core, OperatorRecord& person, LegId leg) {
    core.engaged.erase(leg);
    const auto place = std::ranges::find(person.engaged, leg, &Engagement::leg);
    if (place == person.engaged.end()) return;
    core.account(person);
    auto* queue = place->queue;
    person.engaged.erase(place);
    if (queue != nullptr) begin_finishing(core, person, *queue);
    core.refresh(person);
}

}  // namespace patchbay::acd
