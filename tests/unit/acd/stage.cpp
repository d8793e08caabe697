#include "stage.hpp"

#include <algorithm>

namespace patchbay::acd::test {

namespace {

void add_extension(config::Domain& domain, int number) {
    auto& extension = domain.extensions.emplace_back();
    extension.id = number;
    extension.number = std::to_string(number);
}

}  // namespace

config::Domain office_domain() {
    config::Domain domain;
    domain.name = "demo.local";
    for (int number = 101; number <= 105; ++number) {
        const auto text = std::to_string(number);
        add_extension(domain, number);
        auto& person = domain.operators.emplace_back();
        person.id = person.number = text;
        person.name = "Operator " + text;
        person.password = "pass" + text;
        person.group = "sales";
        person.supervisor = number == 105;
    }
    add_extension(domain, 201);
    config::Queue queue;
    queue.id = "sales";
    queue.number = "600";
    queue.operators = {"101", "102", "103"};
    domain.queues.push_back(queue);
    config::Trunk trunk;
    trunk.name = "provider";
    trunk.inbound.numbers = {{"600", "600"}, {"601", "601"}};
    trunk.outbound.push_back({"9", 1, ""});
    domain.trunks.push_back(trunk);
    return domain;
}

config::ConfigPtr config_of(const config::Domain& domain) {
    auto config = std::make_shared<config::Config>();
    config->domains.push_back(domain);
    for (const auto* name : {"queue.position", "queue.wait", "queue.minutes"})
        config->media.sounds[name] = "file.wav";
    for (char digit = '0'; digit <= '9'; ++digit)
        config->media.sounds[std::string("number.") + digit] = "file.wav";
    return config;
}

Scene::Scene(config::Domain domain)
    : desk(config_of(domain), clock, timers),
      calls(config_of(domain), {clock, timers, phones, ears, tee, &desk}) {
    log::set_level(log::Level::error);
    tee.desk = &desk;
    desk.start(calls);
    desk.subscribe("demo.local", 0, notes);
}

LegId Scene::customer(const std::string& number, const std::string& from) {
    const auto leg = calls.new_leg();
    call::Incoming incoming;
    incoming.domain = "demo.local";
    incoming.trunk = "provider";
    incoming.from = {from, "", false};
    incoming.to = number;
    calls.incoming(leg, incoming);
    settle();
    return leg;
}

LegId Scene::dial(const std::string& from, const std::string& to) {
    const auto leg = calls.new_leg();
    call::Incoming incoming;
    incoming.domain = "demo.local";
    incoming.from = {from, "", false};
    incoming.to = to;
    calls.incoming(leg, incoming);
    settle();
    return leg;
}

Result<Outcome> Scene::ask(Action action) {
    int replies = 0;
    Result<Outcome> answer = Outcome{};
    desk.execute({"demo.local", std::move(action), "test"}, [&](Result<Outcome> result) {
        ++replies;
        answer = std::move(result);
    });
    EXPECT_EQ(replies, 1);
    settle();
    return answer;
}

Outcome Scene::done(Action action) {
    auto answer = ask(std::move(action));
    if (answer) return *answer;
    ADD_FAILURE() << "refused: " << answer.error().code << ", " << answer.error().text;
    return {};
}

std::string Scene::refused(Action action) {
    const auto answer = ask(std::move(action));
    return answer ? std::string() : answer.error().code;
}

void Scene::log_in(const std::vector<std::string>& numbers) {
    for (const auto& number : numbers) {
        done(Login{number, number, false});
        pass(Milliseconds{1});
    }
}

OperatorView Scene::person(const std::string& id) {
    const auto answer = done(ListOperators{id, ""});
    return answer.operators.empty() ? OperatorView{} : answer.operators.front();
}

QueueView Scene::queue(const std::string& id) {
    const auto answer = done(ListQueues{id});
    return answer.queues.empty() ? QueueView{} : answer.queues.front();
}

std::vector<call::LegView> Scene::legs() {
    std::vector<call::LegView> all;
    calls.execute({{"demo.local", "", ""}, call::List{}, "test"},
                  [&](const Result<call::Outcome>& answer) { all = answer->legs; });
    return all;
}

LegId Scene::rings(const std::string& number) {
    for (const auto& leg : legs()) {
        const bool is_rung = leg.facts->direction == call::Direction::in && leg.answered == Time{};
        if (is_rung && leg.facts->number == number) return leg.id;
    }
    return {};
}

std::vector<std::string> Scene::ringing() {
    std::vector<std::string> numbers;
    for (const auto& leg : legs()) {
        const bool is_rung = leg.facts->direction == call::Direction::in && leg.answered == Time{};
        if (is_rung) numbers.push_back(leg.facts->number);
    }
    return numbers;
}

void Scene::answer(const std::string& number) {
    const auto leg = rings(number);
    ASSERT_TRUE(leg) << number << " does not ring";
    calls.ringing(leg, false);
    calls.answered(leg);
    settle();
}

void Scene::hang_up(LegId leg) {
    calls.ended(leg, call::causes::hung_up);
    settle();
}

void Scene::refuse_call(const std::string& number) {
    const auto leg = rings(number);
    ASSERT_TRUE(leg) << number << " does not ring";
    calls.ended(leg, call::causes::declined);
    settle();
}

void Scene::pass(Milliseconds time) {
    // In steps, so that what is due in between happens in its own time.
    const auto end = clock.ticks() + time;
    timers.run_due();
    while (timers.next() && *timers.next() <= end) {
        clock.pass(*timers.next() - clock.ticks());
        timers.run_due();
    }
    clock.pass(end - clock.ticks());
}

}  // namespace patchbay::acd::test
