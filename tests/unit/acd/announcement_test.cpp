// What waiting callers are told: welcome, place, how long it may take.
#include "stage.hpp"

namespace patchbay::acd::test {
namespace {

using Numbers = std::vector<std::string>;

/// The sounds that are spoken to the leg just now.
Numbers spoken(const Scene& scene, LegId leg) {
    const auto& heard = scene.ears.hears.at(leg);
    return heard.size() == 2 ? std::get<call::Announcement>(heard[1]).sounds : Numbers{};
}

config::Domain announcing(const std::string& what) {
    auto domain = office_domain();
    domain.queues[0].announce = what;
    return domain;
}

/// What is spoken to the leg has come to its end.
void spoken_to_the_end(Scene& scene, LegId leg) {
    scene.calls.announcement_ended(leg, std::get<call::Announcement>(scene.ears.hears.at(leg)[1]).id);
}

/// A talk of so long, which is all that the queue knows of how long they take.
void talk_for(Scene& scene, Seconds time) {
    scene.log_in({"101"});
    const auto caller = scene.customer();
    scene.answer("101");
    scene.pass(time);
    scene.hang_up(caller);
}

/// What the third to wait is told by `announcing("wait")`, with everybody logged in talking.
Numbers told_the_third(Scene& scene) {
    scene.customer("600", "+79130000011");
    scene.customer("600", "+79130000012");
    const auto third = scene.customer("600", "+79130000013");
    scene.pass(Seconds{4});
    return spoken(scene, third);
}

Numbers told_minutes(const std::string& digit) {
    return {"queue.wait", "number." + digit, "queue.minutes"};
}

TEST(Announcement, ExpectedWaitIsThePlaceTimesTheMeanTimeSharedByWhoServes) {
    Scene scene(announcing("wait"));
    talk_for(scene, Seconds{120});
    scene.log_in({"102"});
    scene.dial("101", "104");
    scene.dial("102", "105");
    EXPECT_EQ(told_the_third(scene), told_minutes("3"))
        << "3 x 120 s by 2, who are busy and serve all the same";
}

TEST(Announcement, WhoIsOnABreakOrLockedSharesNothing) {
    Scene scene(announcing("wait"));
    talk_for(scene, Seconds{120});
    scene.log_in({"102", "103"});
    scene.dial("101", "104");
    scene.done(Auxwork{"102", "lunch"});
    scene.done(Block{"103", ""});
    EXPECT_EQ(told_the_third(scene), told_minutes("6")) << "3 x 120 s by one";
}

TEST(Announcement, NothingIsSaidOfTheWaitWhileNobodyServes) {
    Scene scene(announcing("both"));
    const auto caller = scene.customer();
    scene.pass(Seconds{4});
    EXPECT_EQ(spoken(scene, caller), (Numbers{"queue.position", "number.1"}));
}

TEST(Announcement, BothAreSaidInThatOrder) {
    Scene scene(announcing("both"));
    talk_for(scene, Seconds{60});
    scene.dial("101", "104");
    const auto caller = scene.customer();
    scene.pass(Seconds{4});
    EXPECT_EQ(spoken(scene, caller),
              (Numbers{"queue.position", "number.1", "queue.wait", "number.1", "queue.minutes"}));
}

TEST(Announcement, ABeginnersWaitIsReckonedWithThreeMinutesACaller) {
    Scene scene(announcing("wait"));
    scene.log_in({"101"});
    scene.dial("101", "104");
    EXPECT_EQ(told_the_third(scene), told_minutes("9"));
}

TEST(Announcement, PlaceOfMoreThanOneDigitIsSaidByDigits) {
    Scene scene(announcing("position"));
    LegId last;
    for (int i = 0; i < 12; ++i) last = scene.customer("600", "+7913000001" + std::to_string(i));
    scene.pass(Seconds{4});
    EXPECT_EQ(spoken(scene, last), (Numbers{"queue.position", "number.1", "number.2"}));
}

TEST(Announcement, WelcomeIsSaidOnceAndTheAnnouncementFollowsIt) {
    auto domain = announcing("position");
    domain.queues[0].welcome = {"hello", "hours"};
    domain.queues[0].announce_every = Seconds{30};
    Scene scene(domain);
    const auto caller = scene.customer();
    scene.pass(Seconds{1});
    EXPECT_EQ(spoken(scene, caller), (Numbers{"hello", "hours", "queue.position", "number.1"}));
    scene.pass(Seconds{30});
    EXPECT_EQ(spoken(scene, caller).size(), 4U) << "it is a long one, and is not cut off";
    spoken_to_the_end(scene, caller);
    scene.pass(Seconds{30});
    EXPECT_EQ(spoken(scene, caller), (Numbers{"queue.position", "number.1"}));
}

TEST(Announcement, WelcomeAloneIsAllThatIsSaid) {
    auto domain = office_domain();
    domain.queues[0].welcome = {"hello"};
    Scene scene(domain);
    const auto caller = scene.customer();
    scene.pass(Seconds{1});
    ASSERT_EQ(spoken(scene, caller), Numbers{"hello"});
    spoken_to_the_end(scene, caller);
    scene.pass(Seconds{200});
    EXPECT_EQ(spoken(scene, caller), Numbers{});
}

TEST(Announcement, WhoIsTakenBeforeTheWelcomeHearsNone) {
    auto domain = office_domain();
    domain.queues[0].welcome = {"hello"};
    Scene scene(domain);
    scene.log_in({"101"});
    const auto caller = scene.customer();
    scene.answer("101");
    scene.pass(Seconds{1});
    EXPECT_EQ(scene.ears.hears[caller], std::vector<call::Source>{scene.person("101").leg});
}

}  // namespace
}  // namespace patchbay::acd::test
