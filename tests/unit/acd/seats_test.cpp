// Operators: sessions, breaks, locks, after-call work, feature codes.
#include "acd/features.hpp"
#include "base/throttle.hpp"
#include "stage.hpp"

namespace patchbay::acd::test {
namespace {

using Numbers = std::vector<std::string>;

TEST(Seats, OneNumberHasOneOperator) {
    Scene scene;
    scene.log_in({"101"});
    EXPECT_EQ(scene.refused(Login{"102", "101", false}), "number_taken");
    EXPECT_EQ(scene.refused(Login{"102", "999", false}), "no_such_number");
    EXPECT_EQ(scene.refused(Login{"999", "101", false}), "no_such_operator");
}

TEST(Seats, LoginElsewhereMovesTheOperatorUnlessThereMayBeOneSessionOnly) {
    Scene free;
    free.log_in({"101"});
    free.done(Login{"101", "201", false});
    EXPECT_EQ(free.person("101").number, "201");
    auto domain = office_domain();
    domain.only_one_session = true;
    Scene strict(domain);
    strict.log_in({"101"});
    EXPECT_EQ(strict.refused(Login{"101", "201", false}), "already_logged_in");
    strict.done(Login{"101", "", false});
    strict.done(Login{"101", "201", true});
    EXPECT_EQ(strict.person("101").number, "201");
}

TEST(Seats, DirectCallMakesBusyAndIsRungNoQueue) {
    Scene scene;
    scene.log_in({"101"});
    const auto call = scene.dial("201", "101");
    EXPECT_EQ(scene.state("101"), OperatorState::busy);
    scene.answer("101");
    scene.customer();
    EXPECT_TRUE(scene.ringing().empty());
    EXPECT_EQ(scene.refused(Logout{"101"}), "wrong_state");
    scene.hang_up(call);
    EXPECT_EQ(scene.ringing(), Numbers{"101"});
}

TEST(Seats, BreakAskedForDuringACallBeginsAfterIt) {
    Scene scene;
    scene.log_in({"101"});
    const auto caller = scene.customer();
    scene.answer("101");
    scene.done(Auxwork{"101", "lunch"});
    EXPECT_EQ(scene.state("101"), OperatorState::busy);
    scene.hang_up(caller);
    EXPECT_EQ(scene.state("101"), OperatorState::auxwork);
}

TEST(Seats, AfterCallWorkEndsOnItsOwnQueuesTime) {
    auto domain = office_domain();
    domain.queues[0].wrap_up = Seconds{30};
    auto quick = domain.queues[0];
    quick.id = "quick";
    quick.number = "601";
    quick.wrap_up = Seconds{5};
    domain.queues.push_back(quick);
    Scene scene(domain);
    scene.log_in({"101"});
    scene.hang_up((scene.customer("600"), scene.answer("101"), scene.person("101").leg));
    EXPECT_EQ(scene.state("101"), OperatorState::acw);
    scene.pass(Seconds{29});
    EXPECT_EQ(scene.state("101"), OperatorState::acw);
    scene.pass(Seconds{1});
    EXPECT_EQ(scene.state("101"), OperatorState::available);
    EXPECT_EQ(scene.person("101").today.acw, Seconds{30});
    scene.hang_up((scene.customer("601"), scene.answer("101"), scene.person("101").leg));
    scene.pass(Seconds{5});
    EXPECT_EQ(scene.state("101"), OperatorState::available);
}

TEST(Seats, CompleteEndsAfterCallWork) {
    auto domain = office_domain();
    domain.queues[0].wrap_up = Seconds{30};
    Scene scene(domain);
    scene.log_in({"101"});
    EXPECT_EQ(scene.refused(Complete{"101"}), "wrong_state");
    scene.hang_up((scene.customer(), scene.answer("101"), scene.person("101").leg));
    scene.done(Complete{"101"});
    EXPECT_EQ(scene.state("101"), OperatorState::available);
}

TEST(Seats, AfterCallWorkLastsUntilCompletedWhereTheQueueSaysSo) {
    auto domain = office_domain();
    domain.auto_logout = Seconds{600};
    domain.queues[0].wrap_up = Seconds{30};
    domain.queues[0].manual_completion = true;
    Scene scene(domain);
    scene.log_in({"101"});
    scene.hang_up((scene.customer(), scene.answer("101"), scene.person("101").leg));
    scene.pass(Seconds{7200});
    EXPECT_EQ(scene.state("101"), OperatorState::acw);
    scene.done(Complete{"101"});
    EXPECT_EQ(scene.state("101"), OperatorState::available);
    EXPECT_EQ(scene.person("101").today.acw, Seconds{7200});
}

TEST(Seats, IdleOperatorIsLoggedOut) {
    auto domain = office_domain();
    domain.auto_logout = Seconds{600};
    Scene scene(domain);
    scene.log_in({"101"});
    scene.pass(Seconds{500});
    scene.hang_up((scene.customer(), scene.answer("101"), scene.person("101").leg));
    scene.pass(Seconds{599});
    EXPECT_EQ(scene.state("101"), OperatorState::available);
    scene.pass(Seconds{2});
    EXPECT_EQ(scene.state("101"), OperatorState::stopped);
}

TEST(Seats, ForcedLogoutWhileRungPassesTheCallerOn) {
    Scene scene;
    scene.log_in({"101", "102"});
    scene.customer();
    scene.done(ForceLogout{"101"});
    EXPECT_EQ(scene.ringing(), Numbers{"102"});
    EXPECT_EQ(scene.state("101"), OperatorState::stopped);
    scene.done(ForceLogout{"101"});
}

TEST(Seats, OperatorsJoinAndLeaveQueues) {
    Scene scene;
    scene.log_in({"104"});
    scene.customer();
    EXPECT_TRUE(scene.ringing().empty());
    scene.done(JoinQueue{"104", "sales"});
    EXPECT_EQ(scene.ringing(), Numbers{"104"});
    EXPECT_EQ(scene.refused(JoinQueue{"104", "sales"}), "wrong_state");
    scene.done(LeaveQueue{"104", "600"});
    EXPECT_TRUE(scene.person("104").queues.empty());
}

TEST(Seats, FeatureCodesDoWhatCommandsDo) {
    Scene scene;
    const auto dialled = [&](const std::string& code) {
        const auto leg = scene.dial("101", code);
        const bool taken = scene.phones.told[leg].answered;
        scene.pass(Seconds{2});
        EXPECT_EQ(scene.calls.legs(), 0U);
        return taken;
    };
    EXPECT_FALSE(dialled("*160*101*wrong#"));
    EXPECT_TRUE(dialled("*160*101*pass101#"));
    EXPECT_EQ(scene.person("101").number, "101");
    EXPECT_TRUE(dialled("*162*lunch#"));
    EXPECT_EQ(scene.person("101").reason, "lunch");
    EXPECT_TRUE(dialled("#163"));
    EXPECT_EQ(scene.state("101"), OperatorState::available);
    EXPECT_FALSE(dialled("#161"));
    EXPECT_TRUE(dialled("*167*sales"));
    EXPECT_TRUE(scene.person("101").queues.empty());
    EXPECT_TRUE(dialled("#160"));
    EXPECT_EQ(scene.state("101"), OperatorState::stopped);
    EXPECT_FALSE(dialled("#163"));
    for (const auto& event : scene.tee.all) {
        const auto* started = std::get_if<call::LegStarted>(&event.body);
        if (started == nullptr) continue;
        EXPECT_EQ(started->facts->called_number.find("pass"), std::string::npos);
    }
}

TEST(Seats, WhoGuessesPasswordsByFeatureCodeHasToWait) {
    Scene scene;
    const auto dialled = [&](const std::string& phone, const std::string& code) {
        const auto leg = scene.dial(phone, code);
        const bool taken = scene.phones.told[leg].answered;
        scene.pass(Seconds{2});
        return taken;
    };
    for (int i = 0; i < Throttle::most_of_login; ++i) EXPECT_FALSE(dialled("101", "*160*101*wrong#"));
    EXPECT_FALSE(dialled("101", "*160*101*pass101#"));
    EXPECT_TRUE(dialled("101", "*160*102*pass102#"));
    EXPECT_TRUE(dialled("103", "*160*101*pass101#"));
    scene.pass(Throttle::window);
    EXPECT_TRUE(dialled("104", "*160*101*pass101#"));
}

TEST(Seats, SupervisorListensByFeatureCode) {
    Scene scene;
    scene.log_in({"101", "105"});
    scene.customer();
    scene.answer("101");
    scene.dial("105", "*164*101#");
    scene.pass(Seconds{2});
    EXPECT_EQ(scene.ringing(), Numbers{"105"});
    scene.answer("105");
    EXPECT_EQ(scene.state("105"), OperatorState::busy);
}

TEST(Features, OnlyWholeCodesAreRead) {
    EXPECT_EQ(parse_feature("*160*101*p#")->arguments, (Numbers{"101", "p"}));
    EXPECT_EQ(parse_feature("#161")->code, 161);
    EXPECT_EQ(parse_feature("*167*sales")->arguments, Numbers{"sales"});
    for (const auto* text : {"", "*", "*16", "*159", "*168", "160", "*160101", "*1x0", "**160", "#1600"}) {
        EXPECT_FALSE(parse_feature(text)) << text;
    }
}

}  // namespace
}  // namespace patchbay::acd::test
