// What listeners are told: each change once, also those that the configuration brings.
#include "stage.hpp"

namespace patchbay::acd::test {
namespace {

using Names = std::vector<std::string>;

// Who was told of since the last time, and how the last of them is now.
Names told_of(Scene& scene) {
    Names ids;
    for (const auto& change : scene.notes->of<OperatorChanged>()) ids.push_back(change.now.id);
    for (const auto& change : scene.notes->of<OperatorRemoved>()) ids.push_back("no " + change.id);
    return ids;
}

void forget(Scene& scene) {
    scene.notes->events.clear();
}

void reload(Scene& scene, const config::Domain& domain) {
    scene.desk.reload(config_of(domain));
    scene.calls.reload(config_of(domain));
    scene.settle();
}

TEST(DeskEvents, QueuesOfAnOperatorAreToldWhenTheyChange) {
    Scene scene;
    forget(scene);
    scene.done(JoinQueue{"104", "sales"});
    auto told = scene.notes->of<OperatorChanged>();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].now.id, "104");
    EXPECT_EQ(told[0].now.queues, Names{"sales"});
    EXPECT_EQ(told[0].before, told[0].now.state);
    forget(scene);
    scene.done(LeaveQueue{"104", "sales"});
    told = scene.notes->of<OperatorChanged>();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].now.queues.empty());
}

TEST(DeskEvents, ReloadTellsOfEveryOperatorItChanged) {
    Scene scene;
    auto domain = office_domain();
    domain.operators[0].name = "Renamed";
    domain.operators[1].group = "support";
    domain.operators[2].supervisor = true;
    domain.queues[0].operators.push_back("104");
    auto added = domain.operators[4];
    added.id = "201";
    added.number = "201";
    domain.operators.push_back(added);
    forget(scene);
    reload(scene, domain);
    EXPECT_EQ(told_of(scene), (Names{"101", "102", "103", "104", "201"}));
    const auto told = scene.notes->of<OperatorChanged>();
    EXPECT_EQ(told[0].now.name, "Renamed");
    EXPECT_EQ(told[1].now.group, "support");
    EXPECT_TRUE(told[2].now.supervisor);
    EXPECT_EQ(told[3].now.queues, Names{"sales"});
    EXPECT_EQ(told[4].now.state, OperatorState::stopped);
    EXPECT_EQ(told[4].now.since, scene.clock.now());
    forget(scene);
    reload(scene, domain);
    EXPECT_TRUE(told_of(scene).empty()) << "nothing changed";
}

TEST(DeskEvents, RemovedOperatorIsToldOfOnceAndNeverAgain) {
    Scene scene;
    scene.log_in({"101"});
    const auto caller = scene.customer();
    scene.answer("101");
    auto domain = office_domain();
    domain.operators.erase(domain.operators.begin());
    forget(scene);
    reload(scene, domain);
    EXPECT_EQ(told_of(scene), Names{"no 101"});
    EXPECT_EQ(scene.refused(ListOperators{"101", ""}), "no_such_operator");
    scene.hang_up(caller);
    reload(scene, domain);
    EXPECT_EQ(told_of(scene), Names{"no 101"}) << "its call went on for a while";
    forget(scene);
    reload(scene, office_domain());
    EXPECT_EQ(told_of(scene), Names{"101"});
    EXPECT_EQ(scene.state("101"), OperatorState::stopped);
}

TEST(DeskEvents, CallerWhoIsNotTakenIsToldToWaitAgain) {
    Scene scene;
    scene.log_in({"101"});
    const auto caller = scene.customer();
    ASSERT_EQ(scene.notes->of<CallerOffered>().size(), 1U);
    EXPECT_TRUE(scene.notes->of<CallerOffered>()[0].caller.is_offered);
    EXPECT_TRUE(scene.notes->of<CallerWaiting>().empty());
    scene.pass(Seconds{20});
    const auto waits = scene.notes->of<CallerWaiting>();
    ASSERT_EQ(waits.size(), 1U);
    EXPECT_EQ(waits[0].caller.leg, caller);
    EXPECT_EQ(waits[0].caller.position, 1U);
    EXPECT_FALSE(waits[0].caller.is_offered);
    EXPECT_FALSE(scene.done(ListWaiting{}).waiting.at(0).is_offered);
    EXPECT_EQ(scene.notes->of<CallerQueued>().size(), 1U) << "it came once";
}

TEST(DeskEvents, CallerWhomOthersRingForStaysOffered) {
    auto domain = office_domain();
    domain.queues[0].strategy = "ring_all";
    Scene scene(domain);
    scene.log_in({"101", "102"});
    scene.customer();
    scene.refuse_call("101");
    EXPECT_TRUE(scene.notes->of<CallerWaiting>().empty());
    scene.refuse_call("102");
    EXPECT_EQ(scene.notes->of<CallerWaiting>().size(), 1U);
}

TEST(DeskEvents, CallerRungAtAPlainNumberIsOffered) {
    auto domain = office_domain();
    domain.queues[0].numbers = {"201"};
    Scene scene(domain);
    scene.customer();
    const auto waiting = scene.done(ListWaiting{}).waiting.at(0);
    EXPECT_TRUE(waiting.is_offered);
    EXPECT_TRUE(waiting.rung_operators.empty());
}

TEST(DeskEvents, PositionsAreThoseOfTheLine) {
    Scene scene;
    const auto first = scene.customer();
    scene.customer("600", "+79130000002");
    scene.customer("600", "+79130000003");
    scene.log_in({"101", "102"});
    std::vector<std::size_t> positions;
    for (const auto& offered : scene.notes->of<CallerOffered>()) positions.push_back(offered.caller.position);
    EXPECT_EQ(positions, (std::vector<std::size_t>{1, 2}));
    scene.hang_up(first);
    EXPECT_EQ(scene.notes->of<CallerLeft>().at(0).caller.position, 1U);
    EXPECT_EQ(scene.notes->of<CallerOffered>().at(2).caller.position, 2U) << "the third moved up";
}

}  // namespace
}  // namespace patchbay::acd::test
