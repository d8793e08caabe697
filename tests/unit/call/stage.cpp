#include "stage.hpp"

namespace patchbay::call::test {

config::ConfigPtr small_domain() {
    auto config = std::make_shared<config::Config>();
    config::Domain domain;
    domain.name = "demo.local";
    int id = 101;
    for (const auto* name : {"Анна", "Борис", "Вера", "Глеб", "Дина"}) {
        domain.extensions.push_back({id, std::to_string(id), name, "secret"});
        ++id;
    }
    domain.operators.push_back({"op1", "Анна Оператор", "p", "101", "sales", false});
    domain.operators.push_back({"op2", "Борис Оператор", "p", "102", "sales", false});
    config::Trunk trunk;
    trunk.name = "provider";
    trunk.inbound.numbers["+73832001010"] = "102";
    trunk.inbound.numbers["+73832001099"] = "9123";
    trunk.outbound.push_back({"9", 1, "+73832001010"});
    domain.trunks.push_back(trunk);
    config::Trunk dear;
    dear.name = "dear";
    dear.outbound.push_back({"98", 2, ""});
    domain.trunks.push_back(dear);
    config->domains.push_back(domain);
    config->calls.last_park_slot = config->calls.first_park_slot + 1;
    return config;
}

LegId Stage::dial(const std::string& from, const std::string& to, const std::string& trunk) {
    const auto leg = sw.new_leg();
    Incoming call;
    call.domain = "demo.local";
    call.trunk = trunk;
    call.from = {from, "", false};
    call.to = to;
    sw.incoming(leg, call);
    return leg;
}

Stage::Pair Stage::talk(const std::string& from, const std::string& to) {
    const auto a = dial(from, to);
    const auto b = last_rung();
    sw.ringing(b, false);
    sw.answered(b);
    EXPECT_EQ(state(a), LegState::connected);
    EXPECT_EQ(state(b), LegState::connected);
    return {a, b};
}

Stage::Pair Stage::customer_talks() {
    const auto a = dial("+79130000001", "+73832001010", "provider");
    const auto b = last_rung();
    sw.ringing(b, false);
    sw.answered(b);
    return {a, b};
}

Result<Outcome> Stage::ask(Action action, Scope scope) {
    int replies = 0;
    std::optional<Result<Outcome>> answer;
    sw.execute({std::move(scope), std::move(action), "test"}, [&](Result<Outcome> result) {
        ++replies;
        answer = std::move(result);
    });
    EXPECT_EQ(replies, 1);
    return *answer;
}

Outcome Stage::done(Action action) {
    auto answer = ask(std::move(action));
    if (!answer.ok()) {
        ADD_FAILURE() << "refused: " << answer.error().code << ", " << answer.error().text;
        return {};
    }
    return *answer;
}

std::string Stage::refused(Action action, Scope scope) {
    const auto answer = ask(std::move(action), std::move(scope));
    return answer.ok() ? std::string() : answer.error().code;
}

void Stage::pass(Seconds time) {
    clock.pass(time);
    timers.run_due();
}

bool Stage::lives(LegId leg) {
    return ask(Find{leg}).ok();
}

LegView Stage::find(LegId leg) {
    const auto answer = ask(Find{leg});
    return answer.ok() ? answer.value().legs.front() : LegView{};
}

std::vector<Source> Stage::hears(LegId leg) const {
    const auto found = ears.hears.find(leg);
    return found == ears.hears.end() ? std::vector<Source>{} : found->second;
}

void Stage::expect_nothing_left() {
    EXPECT_EQ(sw.calls(), 0U);
    EXPECT_EQ(sw.legs(), 0U);
    EXPECT_TRUE(ears.hears.empty());
    EXPECT_EQ(timers.size(), 0U);
}

}  // namespace patchbay::call::test
