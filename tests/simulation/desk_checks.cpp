#include "desk_checks.hpp"

#include <algorithm>

namespace patchbay::simulation {

using acd::OperatorState;
using call::LegState;

void DeskChecks::listen(const std::string& domain) {
    domain_ = domain;
    desk_.subscribe(domain, 0, notes_);
}

void DeskChecks::publish(call::Event event) {
    first_.publish(event);
    desk_.publish(std::move(event));
}

void DeskChecks::Notes::snapshot(const acd::Snapshot& snapshot) {
    offset_ = snapshot.offset;
    for (const auto& person : snapshot.operators) operators[person.id] = person;
}

void DeskChecks::Notes::event(const acd::Event& event) {
    if (event.offset != ++offset_) breach_.note("the desk's events have a gap");
    if (const auto* body = std::get_if<acd::CallerQueued>(&event.body)) came(body->caller);
    if (const auto* body = std::get_if<acd::CallerLeft>(&event.body)) left(*body);
    if (const auto* body = std::get_if<acd::CallerOffered>(&event.body)) stays(body->caller);
    if (const auto* body = std::get_if<acd::CallerWaiting>(&event.body)) stays(body->caller);
    if (const auto* body = std::get_if<acd::OperatorChanged>(&event.body)) {
        operators[body->now.id] = body->now;
    }
    if (const auto* body = std::get_if<acd::OperatorRemoved>(&event.body)) operators.erase(body->id);
}

void DeskChecks::Notes::came(const acd::WaitingView& caller) {
    if (!caller.leg) return void(++kept[caller.queue]);
    if (!waiting.emplace(caller.leg, caller).second) breach_.note("a caller is in two lines");
}

void DeskChecks::Notes::stays(const acd::WaitingView& caller) {
    const auto found = waiting.find(caller.leg);
    if (found != waiting.end()) found->second = caller;
    if (caller.leg && found == waiting.end()) breach_.note("a caller is told of who does not wait");
}

void DeskChecks::Notes::left(const acd::CallerLeft& body) {
    if (!body.caller.leg) return void(--kept[body.caller.queue]);
    const auto found = waiting.find(body.caller.leg);
    if (found == waiting.end() || found->second.queue != body.caller.queue) {
        breach_.note("a caller left a queue it was not in", body.caller.leg.text());
        return;
    }
    waiting.erase(found);
}

acd::Outcome DeskChecks::ask(acd::Action action) {
    acd::Outcome outcome;
    desk_.execute({domain_, std::move(action), "api"}, [&](const Result<acd::Outcome>& result) {
        if (result) outcome = *result;
    });
    return outcome;
}

void DeskChecks::check(const std::vector<call::LegView>& legs) {
    check_operators(legs);
    check_lines(legs);
    check_counts();
}

void DeskChecks::check_operators(const std::vector<call::LegView>& legs) {
    for (const auto& person : ask(acd::ListOperators{}).operators) {
        const auto leg = std::ranges::find(legs, person.leg, &call::LegView::id);
        const bool has_leg = person.leg && leg != legs.end();
        const bool rings = has_leg && leg->answered == Time{};
        const auto where = person.id + " " + std::string(acd::word(person.state));
        if (person.leg && !has_leg) breach_.note("an operator has a leg that is gone", where);
        if (person.state == OperatorState::reserved && !rings)
            breach_.note("reserved without a ringing leg", where);
        if (person.state == OperatorState::busy && !has_leg) breach_.note("busy without a leg", where);
        const bool works = person.state == OperatorState::reserved || person.state == OperatorState::busy ||
                           person.state == OperatorState::stopped;
        if (person.leg && !works) breach_.note("a leg with an operator who does something else", where);
        check_told(person);
        const auto& spent = person.today;
        if (spent.talk + spent.held + spent.acw > spent.at_work - spent.aux) {
            breach_.note("an operator's time is counted twice", where);
        }
    }
}

void DeskChecks::check_told(const acd::OperatorView& person) {
    const auto told = notes_->operators.find(person.id);
    if (told == notes_->operators.end()) return breach_.note("nobody was told of an operator", person.id);
    const auto& last = told->second;
    if (last.state != person.state) breach_.note("the last event told another state", person.id);
    if (last.queues != person.queues) breach_.note("the last event told other queues", person.id);
}

void DeskChecks::check_lines(const std::vector<call::LegView>& legs) {
    check_places();
    for (const auto& [id, told] : notes_->waiting) {
        const auto leg = std::ranges::find(legs, id, &call::LegView::id);
        if (leg == legs.end()) {
            breach_.note("a caller waits who hung up", id.text());
        } else if (leg->state != LegState::queued) {
            breach_.note("a caller waits who talks", id.text());
        }
    }
}

void DeskChecks::check_places() {
    std::map<std::string, std::size_t> positions;
    for (const auto& caller : ask(acd::ListWaiting{}).waiting) {
        if (caller.position != ++positions[caller.queue]) breach_.note("a wrong position in a line");
        const auto told = notes_->waiting.find(caller.leg);
        if (told != notes_->waiting.end() && told->second.is_offered != caller.is_offered) {
            breach_.note("the last event told wrongly whether a caller is offered", caller.leg.text());
        }
    }
}

void DeskChecks::check_counts() {
    for (const auto& queue : ask(acd::ListQueues{}).queues) {
        const auto& f = queue.total;
        const auto left = f.answered + f.abandoned + f.abandoned_short + f.overflowed + f.moved + f.callbacks;
        if (f.entered != left + queue.waiting) breach_.note("a caller was not counted once", queue.id);
        const auto in_line = std::ranges::count_if(
            notes_->waiting, [&](const auto& caller) { return caller.second.queue == queue.id; });
        if (static_cast<std::size_t>(in_line) + notes_->kept[queue.id] != queue.waiting) {
            breach_.note("the events tell of another line than the list", queue.id);
        }
    }
}

void DeskChecks::check_quiet() {
    for (const auto& person : ask(acd::ListOperators{}).operators) {
        const bool works = person.state == OperatorState::reserved || person.state == OperatorState::busy ||
                           person.state == OperatorState::acw;
        if (works) breach_.note("an operator works with all calls gone", person.id);
    }
    if (!notes_->waiting.empty()) breach_.note("somebody waits with all calls gone");
}

void DeskChecks::send_home() {
    for (const auto& person : ask(acd::ListOperators{}).operators) ask(acd::ForceLogout{person.id});
}

}  // namespace patchbay::simulation
