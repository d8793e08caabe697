// Callers and the phones that are rung for them.
#include "call/hearing.hpp"
#include "stage.hpp"

namespace patchbay::acd::test {
namespace {

using std::chrono::minutes;
using Numbers = std::vector<std::string>;

config::Domain with_strategy(const std::string& strategy) {
    auto domain = office_domain();
    domain.queues[0].strategy = strategy;
    return domain;
}

TEST(Distribution, CallerWaitsWithMusicUntilSomebodyLogsIn) {
    Scene scene;
    const auto caller = scene.customer();
    EXPECT_EQ(scene.ears.hears[caller], std::vector<call::Source>{call::Sound::music});
    EXPECT_EQ(scene.queue().waiting, 1U);
    EXPECT_TRUE(scene.ringing().empty());
    scene.log_in({"101"});
    EXPECT_EQ(scene.ringing(), Numbers{"101"});
    EXPECT_EQ(scene.state("101"), OperatorState::reserved);
    scene.answer("101");
    EXPECT_EQ(scene.state("101"), OperatorState::busy);
    EXPECT_EQ(scene.queue().waiting, 0U);
    EXPECT_EQ(scene.queue().total.answered, 1U);
    EXPECT_EQ(scene.ears.hears[caller], std::vector<call::Source>{scene.person("101").leg});
    scene.hang_up(caller);
    EXPECT_EQ(scene.state("101"), OperatorState::available);
    EXPECT_EQ(scene.calls.legs(), 0U);
}

TEST(Distribution, LongestIdleIsRungFirst) {
    Scene scene;
    scene.log_in({"102", "101", "103"});
    scene.customer();
    EXPECT_EQ(scene.ringing(), Numbers{"102"});
}

TEST(Distribution, TwoCallersRingTwoOperators) {
    Scene scene;
    scene.log_in({"101", "102"});
    scene.customer();
    scene.customer("600", "+79130000002");
    scene.customer("600", "+79130000003");
    EXPECT_EQ(scene.ringing(), (Numbers{"101", "102"}));
    EXPECT_EQ(scene.queue().waiting, 3U);
}

TEST(Distribution, RingAllClearsTheOthersWhenOneAnswers) {
    Scene scene(with_strategy("ring_all"));
    scene.log_in({"101", "102", "103"});
    scene.customer();
    EXPECT_EQ(scene.ringing(), (Numbers{"101", "102", "103"}));
    const auto lost = scene.rings("101");
    scene.answer("102");
    EXPECT_TRUE(scene.ringing().empty());
    EXPECT_EQ(scene.phones.told[lost].cause.slug, "answered_elsewhere");
    EXPECT_EQ(scene.state("101"), OperatorState::available);
    EXPECT_EQ(scene.state("102"), OperatorState::busy);
}

TEST(Distribution, RoundRobinGoesOnWhereItStopped) {
    Scene scene(with_strategy("round_robin"));
    scene.log_in({"103", "102", "101"});
    for (const auto* next : {"101", "102", "103", "101"}) {
        const auto caller = scene.customer();
        EXPECT_EQ(scene.ringing(), Numbers{next});
        scene.answer(next);
        scene.hang_up(caller);
    }
}

TEST(Distribution, TopDownBeginsAtTheFirstEachTime) {
    Scene scene(with_strategy("top_down"));
    scene.log_in({"103", "102"});
    for (int i = 0; i < 2; ++i) {
        const auto caller = scene.customer();
        EXPECT_EQ(scene.ringing(), Numbers{"102"});
        scene.answer("102");
        scene.hang_up(caller);
    }
}

TEST(Distribution, FewestCallsAndLeastTalkSpareWhoWorkedMost) {
    for (const auto* strategy : {"fewest_calls", "least_talk"}) {
        Scene scene(with_strategy(strategy));
        scene.log_in({"101"});
        const auto caller = scene.customer();
        scene.answer("101");
        scene.pass(minutes{2});
        scene.hang_up(caller);
        scene.pass(minutes{2});
        scene.log_in({"102"});
        scene.customer();
        EXPECT_EQ(scene.ringing(), Numbers{"102"}) << strategy;
    }
}

TEST(Distribution, SkillsAreAskedLessOfWithTime) {
    auto domain = with_strategy("skills");
    auto& queue = domain.queues[0];
    queue.levels = {{"101", 40}, {"102", 70}};
    queue.min_level = 80;
    queue.relax_after = Seconds{30};
    Scene scene(domain);
    scene.log_in({"101", "102"});
    scene.customer();
    EXPECT_TRUE(scene.ringing().empty());
    scene.pass(Seconds{31});
    EXPECT_EQ(scene.ringing(), Numbers{"102"});
}

TEST(Distribution, WhoDoesNotAnswerGoesOnABreakAndTheNextIsRung) {
    Scene scene;
    scene.log_in({"101", "102"});
    scene.customer();
    scene.pass(Seconds{20});
    EXPECT_EQ(scene.ringing(), Numbers{"102"});
    EXPECT_EQ(scene.state("101"), OperatorState::auxwork);
    EXPECT_EQ(scene.person("101").reason, "missed");
    EXPECT_EQ(scene.person("101").today.missed, 1U);
}

TEST(Distribution, WhoRefusesIsBlockedWhenTheQueueSaysSo) {
    auto domain = office_domain();
    domain.queues[0].on_rejected = "block";
    Scene scene(domain);
    scene.log_in({"101", "102"});
    scene.customer();
    scene.refuse_call("101");
    EXPECT_EQ(scene.state("101"), OperatorState::blocked);
    EXPECT_EQ(scene.refused(MakeAvailable{"101"}), "blocked");
    EXPECT_EQ(scene.ringing(), Numbers{"102"});
    scene.done(Unblock{"101"});
    EXPECT_EQ(scene.state("101"), OperatorState::available);
}

TEST(Distribution, BreakWhileRungPassesTheCallerOnWithoutBlame) {
    Scene scene;
    scene.log_in({"101", "102"});
    scene.customer();
    scene.done(Auxwork{"101", "lunch"});
    EXPECT_EQ(scene.ringing(), Numbers{"102"});
    EXPECT_EQ(scene.state("101"), OperatorState::auxwork);
    EXPECT_EQ(scene.person("101").reason, "lunch");
    EXPECT_EQ(scene.person("101").today.missed, 0U);
}

TEST(Distribution, CallerWhoHangsUpRingsNoPhoneOn) {
    Scene scene;
    scene.log_in({"101"});
    const auto caller = scene.customer();
    scene.pass(Seconds{7});
    scene.hang_up(caller);
    EXPECT_TRUE(scene.ringing().empty());
    EXPECT_EQ(scene.state("101"), OperatorState::available);
    EXPECT_EQ(scene.queue().total.abandoned, 1U);
    EXPECT_EQ(scene.calls.legs(), 0U);
}

TEST(Distribution, AnswerAfterTheCallerHungUpReservesNobody) {
    Scene scene;
    scene.log_in({"101"});
    const auto caller = scene.customer();
    const auto rung = scene.rings("101");
    scene.calls.ended(caller, call::causes::hung_up);
    scene.calls.answered(rung);
    scene.settle();
    EXPECT_EQ(scene.state("101"), OperatorState::available);
    EXPECT_EQ(scene.queue().total.abandoned_short, 1U);
}

TEST(Distribution, UnregisteredPhoneIsPassedOverAndTriedAgainLater) {
    Scene scene;
    scene.log_in({"101", "102"});
    scene.phones.unregistered["101"] = true;
    scene.customer();
    EXPECT_EQ(scene.ringing(), Numbers{"102"});
    scene.customer("600", "+79130000002");
    scene.phones.unregistered.clear();
    scene.pass(Seconds{6});
    EXPECT_EQ(scene.ringing(), (Numbers{"102", "101"}));
}

TEST(Distribution, PhonesThatLoggedInOneAfterTheOtherAreBothRungInTheEnd) {
    Scene scene;
    scene.dial("101", "*160*101*pass101#");
    scene.pass(Milliseconds{1200});
    scene.dial("102", "*160*102*pass102#");
    scene.pass(Milliseconds{400});
    scene.customer();
    EXPECT_EQ(scene.ringing(), Numbers{"101"});
    scene.done(Auxwork{"101", "lunch"});
    scene.pass(Seconds{2});
    EXPECT_EQ(scene.ringing(), Numbers{"102"});
}

TEST(Distribution, PlainNumberIsRungWhenNoOperatorIsFree) {
    auto domain = office_domain();
    domain.queues[0].numbers = {"201"};
    Scene scene(domain);
    scene.log_in({"101"});
    scene.customer();
    EXPECT_EQ(scene.ringing(), Numbers{"101"});
    scene.customer("600", "+79130000002");
    EXPECT_EQ(scene.ringing(), (Numbers{"101", "201"}));
    scene.answer("201");
    EXPECT_EQ(scene.queue().total.answered, 1U);
}

TEST(Distribution, HigherPriorityQueueIsServedFirst) {
    auto domain = office_domain();
    auto vip = domain.queues[0];
    vip.id = "vip";
    vip.number = "601";
    vip.priority = 5;
    domain.queues.push_back(vip);
    Scene scene(domain);
    scene.customer("600");
    scene.pass(Seconds{10});
    scene.customer("601", "+79130000009");
    scene.log_in({"101"});
    EXPECT_EQ(scene.person("101").queue, "vip");
}

}  // namespace
}  // namespace patchbay::acd::test
