// Feature codes that supervise, change queues and complete: what they do, and who is refused.
#include <algorithm>
#include <set>

#include "stage.hpp"

namespace patchbay::acd::test {
namespace {

using Numbers = std::vector<std::string>;
using Legs = std::set<LegId>;

class Dialled : public ::testing::Test {
  protected:
    // A call of 101 with a customer, and the supervisor 105 logged in.
    void talk() {
        scene.log_in({"101", "105"});
        caller = scene.customer();
        scene.answer("101");
        operator_leg = scene.person("101").leg;
    }
    bool dial(const std::string& phone, const std::string& code) {
        const auto leg = scene.dial(phone, code);
        const bool taken = scene.phones.told[leg].answered;
        scene.pass(Seconds{2});
        return taken;
    }
    // The supervisor's phone, rung and answered after that code.
    LegId supervisor(const std::string& code) {
        EXPECT_TRUE(dial("105", code + "*101#"));
        EXPECT_EQ(scene.ringing(), Numbers{"105"});
        scene.answer("105");
        return scene.person("105").leg;
    }
    Legs hears(LegId ear) {
        Legs legs;
        for (const auto& source : scene.ears.hears[ear]) {
            if (const auto* leg = std::get_if<LegId>(&source)) legs.insert(*leg);
        }
        return legs;
    }

    Scene scene;
    LegId caller, operator_leg;
};

TEST_F(Dialled, Code164ListensToBothAndIsHeardByNobody) {
    talk();
    const auto leg = supervisor("*164");
    EXPECT_EQ(hears(leg), (Legs{caller, operator_leg}));
    EXPECT_EQ(hears(caller), Legs{operator_leg});
    EXPECT_EQ(hears(operator_leg), Legs{caller});
}

TEST_F(Dialled, Code165IsHeardByTheOperatorAlone) {
    talk();
    const auto leg = supervisor("*165");
    EXPECT_EQ(hears(leg), (Legs{caller, operator_leg}));
    EXPECT_EQ(hears(caller), Legs{operator_leg});
    EXPECT_EQ(hears(operator_leg), (Legs{caller, leg}));
}

TEST_F(Dialled, Code166IsHeardByAll) {
    talk();
    const auto leg = supervisor("*166");
    EXPECT_EQ(hears(leg), (Legs{caller, operator_leg}));
    EXPECT_EQ(hears(caller), (Legs{operator_leg, leg}));
    EXPECT_EQ(hears(operator_leg), (Legs{caller, leg}));
}

TEST_F(Dialled, WhoIsNoSupervisorOfTheOperatorIsRefused) {
    auto domain = office_domain();
    domain.operators[1].group = "support";
    scene.desk.reload(config_of(domain));
    scene.log_in({"101", "102", "103", "105"});
    const auto first = scene.customer(), second = scene.customer("600", "+79130000002");
    scene.answer("101");
    scene.answer("102");
    for (const std::string code : {"*164", "*165", "*166"}) {
        EXPECT_FALSE(dial("103", code + "*101#")) << "no supervisor: " << code;
        EXPECT_FALSE(dial("105", code + "*102#")) << "another group's operator: " << code;
        EXPECT_FALSE(dial("105", code + "*103#")) << "an operator without a call: " << code;
        EXPECT_FALSE(dial("105", code + "*999#")) << "nobody: " << code;
        EXPECT_FALSE(dial("105", code)) << "of whom? " << code;
        EXPECT_FALSE(dial("104", code + "*101#")) << "who is not logged in: " << code;
    }
    EXPECT_TRUE(scene.ringing().empty());
    EXPECT_EQ(hears(first).size(), 1U);
    EXPECT_EQ(hears(second).size(), 1U);
}

TEST_F(Dialled, Code167JoinsAQueueAndLeavesItAgain) {
    scene.log_in({"104"});
    scene.customer();
    EXPECT_TRUE(scene.ringing().empty());
    scene.notes->events.clear();
    EXPECT_TRUE(dial("104", "*167*sales#"));
    const auto told = scene.notes->of<OperatorChanged>();
    ASSERT_FALSE(told.empty());
    EXPECT_TRUE(std::ranges::any_of(told, [](const auto& change) { return !change.now.queues.empty(); }));
    EXPECT_EQ(scene.person("104").queues, Numbers{"sales"});
    EXPECT_EQ(scene.ringing(), Numbers{"104"});
    scene.refuse_call("104");
    EXPECT_TRUE(dial("104", "*167*600#")) << "by its number";
    EXPECT_TRUE(scene.person("104").queues.empty());
}

TEST_F(Dialled, Code167IsRefusedWithoutAQueueAndToWhoIsLoggedOut) {
    EXPECT_FALSE(dial("104", "*167*sales#"));
    scene.log_in({"104"});
    EXPECT_FALSE(dial("104", "*167*nowhere#"));
    EXPECT_FALSE(dial("104", "*167#"));
    EXPECT_TRUE(scene.person("104").queues.empty());
}

TEST_F(Dialled, Code161EndsAfterCallWork) {
    auto domain = office_domain();
    domain.queues[0].manual_completion = true;
    scene.desk.reload(config_of(domain));
    scene.log_in({"101"});
    EXPECT_FALSE(dial("101", "#161")) << "there is none";
    caller = scene.customer();
    scene.answer("101");
    scene.hang_up(caller);
    EXPECT_EQ(scene.state("101"), OperatorState::acw);
    EXPECT_TRUE(dial("101", "#161"));
    EXPECT_EQ(scene.state("101"), OperatorState::available);
}

}  // namespace
}  // namespace patchbay::acd::test
