// What is counted: in which quarter of an hour, of what lasts still, and for the metrics.
#include "base/metrics.hpp"
#include "stage.hpp"

namespace patchbay::acd::test {
namespace {

// Lets time pass until so long after the midnight at which scenes begin.
void until(Scene& scene, Milliseconds time) {
    const auto midnight = std::chrono::floor<std::chrono::days>(scene.clock.now());
    scene.pass(std::chrono::duration_cast<Milliseconds>(midnight + time - scene.clock.now()));
}

std::vector<OperatorInterval> of_operator(Scene& scene, const std::string& id) {
    return scene.done(ListFigures{ListFigures::Of::operators, id}).operator_figures;
}

std::vector<QueueInterval> of_queue(Scene& scene) {
    return scene.done(ListFigures{ListFigures::Of::queues, "sales"}).queue_figures;
}

template <typename Figures>
std::vector<Milliseconds> times(const std::vector<Figures>& records, auto figure) {
    std::vector<Milliseconds> all;
    for (const auto& record : records) all.push_back(record.figures.*figure);
    return all;
}

using Times = std::vector<Milliseconds>;

TEST(Figures, CallOverTwoBordersIsInEveryQuarterItLastsIn) {
    Scene scene;
    scene.log_in({"101"});
    until(scene, Seconds{5 * 60});
    const auto caller = scene.customer();
    scene.answer("101");
    until(scene, Seconds{35 * 60});
    scene.hang_up(caller);
    until(scene, Seconds{40 * 60});
    const auto person = of_operator(scene, "101");
    const Times parts{Seconds{10 * 60}, Seconds{15 * 60}, Seconds{5 * 60}, Seconds{30 * 60}};
    EXPECT_EQ(times(person, &OperatorFigures::talk), parts);
    EXPECT_EQ(person[1].figures.occupancy(), 1);
    EXPECT_EQ(person[2].figures.occupancy(), 0.5);
    EXPECT_EQ(times(of_queue(scene), &QueueFigures::talk), parts);
}

TEST(Figures, CallThatGoesOnIsCountedUpToNow) {
    Scene scene;
    scene.log_in({"101"});
    scene.customer();
    scene.answer("101");
    scene.pass(Seconds{40 * 60});
    const auto person = scene.person("101");
    EXPECT_EQ(person.today.talk, Seconds{40 * 60});
    EXPECT_NEAR(person.today.occupancy(), 1, 0.001);
    EXPECT_EQ(scene.queue().total.talk, Seconds{40 * 60});
    EXPECT_EQ(of_queue(scene).back().figures.talk, Seconds{40 * 60});
}

TEST(Figures, LateAnswerIsOutsideTheServiceLevel) {
    Scene scene;
    auto caller = scene.customer();
    scene.pass(Seconds{21});
    scene.log_in({"101"});
    scene.answer("101");
    scene.hang_up(caller);
    for (int i = 0; i < 3; ++i) {
        caller = scene.customer();
        scene.answer("101");
        scene.hang_up(caller);
    }
    const auto total = scene.queue().total;
    EXPECT_EQ(total.answered, 4U);
    EXPECT_EQ(total.answered_in_time, 3U);
    EXPECT_EQ(total.service_level(), 0.75);
    EXPECT_EQ(total.longest_wait, Milliseconds{21'001}) << "a login takes a millisecond here";
}

TEST(Figures, HoldIsCountedApartFromTalk) {
    Scene scene;
    scene.log_in({"101"});
    const auto caller = scene.customer();
    scene.answer("101");
    const auto leg = scene.person("101").leg;
    scene.pass(Seconds{10});
    scene.calls.hold_changed(leg, true);
    scene.pass(Seconds{30});
    EXPECT_EQ(scene.person("101").today.held, Seconds{30}) << "while it lasts, too";
    scene.calls.hold_changed(leg, false);
    scene.pass(Seconds{5});
    scene.calls.hold_changed(leg, true);
    scene.pass(Seconds{2});
    scene.hang_up(caller);
    scene.pass(Seconds{1 * 60});
    EXPECT_EQ(scene.person("101").today.talk, Seconds{15});
    EXPECT_EQ(scene.person("101").today.held, Seconds{32});
    EXPECT_EQ(scene.queue().total.talk, Seconds{15});
    EXPECT_EQ(scene.queue().total.held, Seconds{32});
}

TEST(Figures, WhoAsksSomebodyElseMeanwhileTalksAndHoldsTheCaller) {
    Scene scene;
    scene.log_in({"101"});
    scene.customer();
    scene.answer("101");
    const auto first = scene.person("101").leg;
    scene.calls.hold_changed(first, true);
    const auto second = scene.dial("101", "201");
    scene.answer("201");
    scene.pass(Seconds{1 * 60});
    const auto person = scene.person("101");
    EXPECT_EQ(person.today.talk, Seconds{1 * 60}) << "a minute of the operator's is counted once";
    EXPECT_EQ(person.today.held, Seconds{0});
    EXPECT_LE(person.today.occupancy(), 1);
    EXPECT_EQ(scene.queue().total.held, Seconds{1 * 60});
    EXPECT_EQ(scene.queue().total.talk, Seconds{0});
    scene.calls.hold_changed(second, true);
    scene.pass(Seconds{10});
    scene.calls.hold_changed(first, false);
    scene.pass(Seconds{20});
    EXPECT_EQ(scene.person("101").today.talk, Seconds{80}) << "on the first call again";
    EXPECT_EQ(scene.person("101").today.held, Seconds{10});
}

TEST(Figures, AfterCallWorkIsInTheQuarterInWhichItIsDone) {
    auto domain = office_domain();
    domain.queues[0].wrap_up = Seconds{10 * 60};
    Scene scene(domain);
    scene.log_in({"101"});
    until(scene, Seconds{13 * 60});
    const auto caller = scene.customer();
    scene.answer("101");
    until(scene, Seconds{14 * 60});
    scene.hang_up(caller);
    until(scene, Seconds{16 * 60});
    const Times now{Seconds{1 * 60}, Seconds{1 * 60}, Seconds{2 * 60}};
    EXPECT_EQ(times(of_operator(scene, "101"), &OperatorFigures::acw), now) << "while it lasts";
    until(scene, Seconds{29 * 60});
    const Times all{Seconds{1 * 60}, Seconds{9 * 60}, Seconds{10 * 60}};
    EXPECT_EQ(times(of_operator(scene, "101"), &OperatorFigures::acw), all);
    EXPECT_EQ(times(of_queue(scene), &QueueFigures::acw), all);
    EXPECT_EQ(scene.queue().total.mean_handling(), Seconds{11 * 60});
}

TEST(Figures, PlainNumbersTalkForTheQueue) {
    auto domain = office_domain();
    domain.queues[0].numbers = {"201"};
    Scene scene(domain);
    const auto caller = scene.customer();
    scene.answer("201");
    scene.pass(Seconds{2 * 60});
    EXPECT_EQ(scene.queue().total.talk, Seconds{2 * 60});
    scene.pass(Seconds{1 * 60});
    scene.hang_up(caller);
    EXPECT_EQ(scene.queue().total.talk, Seconds{3 * 60});
}

// A sample of /metrics, which count for the whole process: stories look at what is added.
double metric(const std::string& name, const std::string& labels) {
    const auto text = metrics::exposition();
    const auto sample = "\n" + name + "{domain=\"demo.local\"," + labels + "} ";
    const auto found = text.find(sample);
    return found == std::string::npos ? 0 : std::stod(text.substr(found + sample.size()));
}

// What a story adds to a sample.
class Added {
  public:
    Added(std::string name, std::string labels)
        : name_(std::move(name)), labels_(std::move(labels)), before_(metric(name_, labels_)) {}
    double operator()() const { return metric(name_, labels_) - before_; }

  private:
    std::string name_, labels_;
    double before_;
};

TEST(Figures, MetricsTellHowQueuesFare) {
    const std::string name = "patchbay_acd_callers_total", sales = R"(queue="sales")";
    const Added answered(name, sales + R"(,result="answered")"), lost(name, sales + R"(,result="abandoned")"),
        short_ones(name, sales + R"(,result="abandoned_short")"),
        in_time("patchbay_acd_answered_in_time_total", sales),
        talk("patchbay_acd_handling_seconds_total", sales + R"(,what="talk")");
    Scene scene;
    scene.hang_up(scene.customer());
    const auto second = scene.customer();
    scene.pass(Seconds{17});
    EXPECT_NEAR(metric("patchbay_acd_longest_wait_seconds", sales), 15, 5);
    scene.hang_up(second);
    EXPECT_EQ(metric("patchbay_acd_longest_wait_seconds", sales), 0);
    auto caller = scene.customer();
    scene.pass(Seconds{21});
    scene.log_in({"101"});
    scene.answer("101");
    scene.pass(Seconds{60});
    EXPECT_NEAR(talk(), 60, 5) << "brought up to date while the call goes on";
    scene.hang_up(caller);
    EXPECT_EQ(talk(), 60);
    caller = scene.customer();
    scene.answer("101");
    EXPECT_EQ(answered(), 2);
    EXPECT_EQ(in_time(), 1);
    EXPECT_EQ(lost(), 1);
    EXPECT_EQ(short_ones(), 1);
}

TEST(Figures, MetricsTellWhatOperatorsDo) {
    const std::string name = "patchbay_acd_operator_seconds_total", anna = R"(operator="101")";
    const Added available(name, anna + R"(,state="available")"), busy(name, anna + R"(,state="busy")"),
        pause(name, anna + R"(,state="auxwork")"),
        talk("patchbay_acd_operator_handling_seconds_total", anna + R"(,what="talk")"),
        hold("patchbay_acd_operator_handling_seconds_total", anna + R"(,what="hold")"),
        acw("patchbay_acd_operator_handling_seconds_total", anna + R"(,what="acw")");
    auto domain = office_domain();
    domain.queues[0].wrap_up = Seconds{8};
    Scene scene(domain);
    scene.done(Login{"101", "", false});
    scene.pass(Seconds{30});
    EXPECT_EQ(available(), 30) << "though nothing happened";
    const auto caller = scene.customer();
    scene.answer("101");
    scene.pass(Seconds{40});
    scene.calls.hold_changed(scene.person("101").leg, true);
    scene.pass(Seconds{20});
    scene.hang_up(caller);
    scene.pass(Seconds{8});
    scene.done(Auxwork{"101", "lunch"});
    scene.pass(Seconds{100});
    scene.done(Logout{"101"});
    EXPECT_EQ(available(), 30);
    EXPECT_EQ(busy(), 60);
    EXPECT_EQ(talk(), 40);
    EXPECT_EQ(hold(), 20);
    EXPECT_EQ(acw(), 8);
    EXPECT_EQ(pause(), 100);
    scene.pass(Seconds{5 * 60});
    EXPECT_EQ(scene.timers.size(), 0U) << "with everybody gone nothing is brought up to date";
}

}  // namespace
}  // namespace patchbay::acd::test
