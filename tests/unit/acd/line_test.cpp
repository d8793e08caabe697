// Callers in line: coming, going, overflow, figures, and what listeners hear of it.
#include "acd/csv.hpp"
#include "stage.hpp"

namespace patchbay::acd::test {
namespace {

using Numbers = std::vector<std::string>;

TEST(Line, OverflowsToANumberAfterTheLongestWait) {
    auto domain = office_domain();
    domain.queues[0].max_wait = Seconds{30};
    domain.queues[0].overflow = "201";
    Scene scene(domain);
    const auto caller = scene.customer();
    scene.pass(Seconds{30});
    EXPECT_EQ(scene.ringing(), Numbers{"201"});
    scene.answer("201");
    EXPECT_EQ(scene.queue().total.overflowed, 1U);
    EXPECT_EQ(scene.ears.hears[caller].size(), 1U);
}

TEST(Line, OverflowThatDoesNotAnswerHangsTheCallerUp) {
    auto domain = office_domain();
    domain.queues[0].max_wait = Seconds{30};
    domain.queues[0].overflow = "201";
    Scene scene(domain);
    scene.customer();
    scene.pass(Seconds{91});
    EXPECT_EQ(scene.calls.legs(), 0U);
    EXPECT_EQ(scene.queue().total.abandoned, 0U);
}

TEST(Line, OverflowsToAQueueWithTheTimeWaited) {
    auto domain = office_domain();
    domain.queues[0].max_wait = Seconds{30};
    domain.queues[0].overflow = "601";
    auto second = domain.queues[0];
    second.id = "second";
    second.number = "601";
    second.overflow = "";
    second.operators = {"104"};
    domain.queues.push_back(second);
    Scene scene(domain);
    scene.customer();
    scene.pass(Seconds{31});
    const auto waiting = scene.done(ListWaiting{"second"}).waiting;
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_GE(scene.clock.now() - waiting[0].since, Seconds{30});
    scene.log_in({"104"});
    EXPECT_EQ(scene.ringing(), Numbers{"104"});
}

TEST(Line, QueuesThatOverflowInACircleEndIt) {
    auto domain = office_domain();
    domain.queues[0].max_wait = Seconds{10};
    domain.queues[0].overflow = "601";
    auto second = domain.queues[0];
    second.id = "second";
    second.number = "601";
    second.overflow = "600";
    domain.queues.push_back(second);
    Scene scene(domain);
    scene.customer();
    scene.pass(Seconds{100});
    EXPECT_EQ(scene.calls.legs(), 0U);
}

TEST(Line, FullQueueSendsOn) {
    auto domain = office_domain();
    domain.queues[0].length = 1;
    Scene scene(domain);
    scene.customer();
    const auto second = scene.customer("600", "+79130000002");
    EXPECT_TRUE(scene.phones.told[second].ended);
    EXPECT_EQ(scene.queue().waiting, 1U);
    EXPECT_EQ(scene.queue().total.overflowed, 1U);
}

TEST(Line, AttemptsAreCounted) {
    auto domain = office_domain();
    domain.queues[0].attempts = 2;
    domain.queues[0].on_missed = "none";
    Scene scene(domain);
    scene.log_in({"101"});
    scene.customer();
    scene.pass(Seconds{41});
    EXPECT_EQ(scene.calls.legs(), 0U);
    EXPECT_EQ(scene.queue().total.missed, 2U);
    EXPECT_EQ(scene.state("101"), OperatorState::available);
}

TEST(Line, QueueThatIsRemovedWhileFullEmptiesItself) {
    auto domain = office_domain();
    domain.queues[0].overflow = "201";
    Scene scene(domain);
    const auto first = scene.customer(), second = scene.customer("600", "+79130000002");
    domain.queues.clear();
    scene.desk.reload(config_of(domain));
    scene.calls.reload(config_of(domain));
    scene.settle();
    EXPECT_EQ(scene.notes->of<QueueRemoved>().size(), 1U);
    EXPECT_EQ(scene.notes->of<CallerLeft>().size(), 2U);
    // One takes the overflow's phone; both ring it, and the switch allows that.
    scene.hang_up(first);
    scene.hang_up(second);
    EXPECT_EQ(scene.calls.legs(), 0U);
}

TEST(Line, OperatorPutsTheCallerIntoAnotherQueue) {
    auto domain = office_domain();
    auto second = domain.queues[0];
    second.id = "second";
    second.number = "601";
    second.operators = {"104"};
    domain.queues.push_back(second);
    Scene scene(domain);
    scene.log_in({"101", "104"});
    const auto caller = scene.customer();
    scene.answer("101");
    scene.done(MoveToQueue{scene.person("101").leg, "second"});
    EXPECT_EQ(scene.state("101"), OperatorState::available);
    EXPECT_EQ(scene.ringing(), Numbers{"104"});
    EXPECT_EQ(scene.ears.hears[caller], std::vector<call::Source>{call::Sound::music});
    EXPECT_EQ(scene.refused(MoveToQueue{caller, "nowhere"}), "no_such_queue");
}

TEST(Line, SupervisorTakesACallerOutOfTheQueue) {
    Scene scene;
    const auto first = scene.customer(), second = scene.customer("600", "+79130000002");
    EXPECT_EQ(scene.refused(RemoveFromQueue{first, "777"}), "no_such_number");
    EXPECT_EQ(scene.queue().waiting, 2U) << "who cannot be sent there keeps the place";
    scene.done(RemoveFromQueue{first, "201"});
    EXPECT_EQ(scene.ringing(), Numbers{"201"});
    scene.done(RemoveFromQueue{second, ""});
    EXPECT_TRUE(scene.phones.told[second].ended);
    EXPECT_EQ(scene.queue().total.moved, 2U);
    EXPECT_EQ(scene.refused(RemoveFromQueue{first, "201"}), "no_such_leg");
}

TEST(Line, AnnouncesThePositionAndPlaysMusicAfterIt) {
    auto domain = office_domain();
    domain.queues[0].announce = "position";
    Scene scene(domain);
    scene.customer();
    const auto second = scene.customer("600", "+79130000002");
    scene.pass(Seconds{4});
    const auto heard = scene.ears.hears[second];
    ASSERT_EQ(heard.size(), 2U);
    const auto announcement = std::get<call::Announcement>(heard[1]);
    EXPECT_EQ(announcement.sounds, (Numbers{"queue.position", "number.2"}));
    scene.calls.announcement_ended(second, announcement.id);
    EXPECT_EQ(scene.ears.hears[second], std::vector<call::Source>{call::Sound::music});
}

TEST(Line, PlaceIsKeptForWhoWantsToBeCalledBack) {
    auto domain = office_domain();
    domain.queues[0].callback_digit = "1";
    domain.queues[0].callback_prefix = "9";
    Scene scene(domain);
    const auto caller = scene.customer("600", "79130000001");
    scene.calls.dtmf(caller, '1');
    scene.settle();
    EXPECT_EQ(scene.calls.legs(), 0U);
    EXPECT_EQ(scene.queue().total.callbacks, 1U);
    EXPECT_EQ(scene.queue().waiting, 1U);
    scene.log_in({"101"});
    EXPECT_EQ(scene.state("101"), OperatorState::reserved);
    scene.calls.answered(scene.person("101").leg);
    scene.settle();
    EXPECT_EQ(scene.state("101"), OperatorState::busy);
    EXPECT_EQ(scene.queue().waiting, 0U);
    const auto customer = scene.phones.rung.back();
    EXPECT_EQ(scene.phones.told[customer].dial.number, "79130000001");
    scene.calls.answered(customer);
    scene.settle();
    EXPECT_EQ(scene.ears.hears[customer], std::vector<call::Source>{scene.person("101").leg});
    scene.hang_up(customer);
    EXPECT_EQ(scene.state("101"), OperatorState::available);
    EXPECT_EQ(scene.queue().total.answered, 1U);
}

TEST(Line, WhoCannotBeCalledBackKeepsNobodyElseWaiting) {
    auto domain = office_domain();
    domain.queues[0].callback_digit = "1";
    Scene scene(domain);
    const auto gone =
        scene.customer("600", "79130000001");  // without a prefix there is no way to that number
    scene.calls.dtmf(gone, '1');
    scene.settle();
    ASSERT_EQ(scene.queue().waiting, 1U);
    const auto next = scene.customer();
    scene.log_in({"101"});
    EXPECT_EQ(scene.state("101"), OperatorState::reserved);
    scene.calls.answered(scene.person("101").leg);
    scene.settle();
    EXPECT_EQ(scene.ears.hears[next], std::vector<call::Source>{scene.person("101").leg});
    EXPECT_EQ(scene.queue().waiting, 1U);
}

TEST(Line, ListenerResumesWithoutAGap) {
    Scene scene;
    ASSERT_EQ(scene.notes->snapshots.size(), 1U);
    scene.log_in({"101"});
    const auto seen = scene.notes->events.back().offset;
    scene.customer();
    const auto late = std::make_shared<Notes>();
    scene.desk.subscribe("demo.local", seen, late);
    EXPECT_TRUE(late->snapshots.empty());
    ASSERT_FALSE(late->events.empty());
    EXPECT_EQ(late->events.front().offset, seen + 1);
    EXPECT_EQ(late->events.back().offset, scene.notes->events.back().offset);
    const auto stranger = std::make_shared<Notes>();
    scene.desk.subscribe("demo.local", 5, stranger);
    ASSERT_EQ(stranger->snapshots.size(), 1U);
    EXPECT_EQ(stranger->snapshots[0].waiting.size(), 1U);
}

TEST(Line, FiguresAddUpInTheIntervalsToo) {
    Scene scene;
    scene.log_in({"101"});
    for (int i = 0; i < 3; ++i) {
        const auto caller = scene.customer();
        scene.answer("101");
        scene.pass(Seconds{600});
        scene.hang_up(caller);
    }
    const auto records = scene.done(ListFigures{ListFigures::Of::queues, "sales"}).queue_figures;
    ASSERT_GE(records.size(), 3U);
    EXPECT_EQ(records.back().begin, Time{});
    EXPECT_EQ(records.back().figures.answered, 3U);
    EXPECT_EQ(records.back().figures.talk, Seconds{1800});
    std::uint64_t answered = 0;
    for (const auto& record : records) answered += record.begin == Time{} ? 0 : record.figures.answered;
    EXPECT_EQ(answered, 3U);
    EXPECT_EQ(records.back().figures.service_level(), 1);
    const auto people = scene.done(ListFigures{ListFigures::Of::operators, "101"}).operator_figures;
    EXPECT_NEAR(people.back().figures.occupancy(), 1, 0.01);
    const auto csv = queues_csv(records);
    EXPECT_NE(csv.find("sales,,3,3,3,1.000,0,0,0,0,0,0,0.0,0.0,1800.0"), std::string::npos) << csv;
}

}  // namespace
}  // namespace patchbay::acd::test
