#include "history/fold.hpp"

#include <random>
#include <set>

#include <gtest/gtest.h>

#include "unit/journal/event_makers.hpp"

namespace patchbay::history {
namespace {

using namespace call;
using testing::at;
using testing::Story;
using enum LegState;

const CallRef ref{1};
const LegId a{2}, b{3};

std::vector<Cdr> folded(const Story& story) {
    Fold fold;
    std::vector<Cdr> records;
    std::uint64_t offset = 0;
    for (auto event : story.events) {
        event.offset = ++offset;
        if (auto cdr = fold.take(event)) records.push_back(std::move(*cdr));
    }
    return records;
}

// 101 called 102, who answered; then one end each.
std::vector<Cdr> ended_by(const Cause& for_a, const Cause& for_b) {
    Story story;
    story.begin(0, 1);
    story.add(10'000, ref, a, ended, LegEnded{for_a}).add(10'000, ref, b, ended, LegEnded{for_b});
    return folded(story);
}

TEST(Fold, a_call_gives_a_record_for_each_leg) {
    Story story;
    const auto records = folded(story.call(0, 1));
    ASSERT_EQ(records.size(), 2U);
    const auto& caller = records[0];
    EXPECT_EQ(caller.leg, a);
    EXPECT_EQ(caller.call, ref);
    EXPECT_EQ(caller.direction, Direction::out);
    EXPECT_EQ(caller.domain, "demo.local");
    EXPECT_EQ(caller.number, "101");
    EXPECT_EQ(caller.remote_number, "102");
    EXPECT_EQ(caller.display_name, "Party 101");
    EXPECT_EQ(caller.remote_display_name, "Party 102");
    EXPECT_EQ(caller.operator_id, "101");
    EXPECT_EQ(caller.group, "sales");
    EXPECT_EQ(caller.called_number, "102");
    EXPECT_EQ(caller.started, at(0));
    EXPECT_EQ(caller.answered, at(3000));
    EXPECT_EQ(caller.released, at(9000));
    EXPECT_EQ(caller.cause, "hung_up");
    EXPECT_TRUE(caller.rang);
    EXPECT_EQ(records[1].leg, b);
    EXPECT_EQ(records[1].direction, Direction::in);
}

TEST(Fold, a_record_says_how_the_legs_audio_was) {
    const auto quality = std::make_shared<Quality>(
        Quality{"opus", 1000, 990, 30, 20, Milliseconds{12}, Milliseconds{40}, 3.75});
    Story story;
    story.begin(0, 1);
    story.add(10'000, ref, a, ended, LegEnded{causes::hung_up, quality})
        .add(10'000, ref, b, ended, LegEnded{causes::hung_up});
    const auto records = folded(story);
    ASSERT_EQ(records.size(), 2U);
    ASSERT_TRUE(records[0].quality);
    EXPECT_EQ(*records[0].quality, *quality);
    EXPECT_FALSE(records[1].quality);
}

TEST(Fold, says_who_released_the_call) {
    const auto released = [](const Cause& for_a, const Cause& for_b) {
        const auto records = ended_by(for_a, for_b);
        return std::pair(records.at(0).released_by, records.at(1).released_by);
    };
    const auto hung_up = causes::hung_up, passed = passed_on(causes::hung_up);
    EXPECT_EQ(released(hung_up, passed), std::pair(ReleasedBy::a, ReleasedBy::a));
    EXPECT_EQ(released(passed, hung_up), std::pair(ReleasedBy::b, ReleasedBy::b));
    const auto cleared = passed_on(causes::cleared);
    EXPECT_EQ(released(causes::cleared, cleared), std::pair(ReleasedBy::system, ReleasedBy::system));
    for (const auto& cause : {causes::transferred, causes::media_lost, causes::no_answer, causes::restarted})
        EXPECT_EQ(released(cause, cause), std::pair(ReleasedBy::system, ReleasedBy::system)) << cause.slug;
    EXPECT_EQ(released(passed_on(causes::busy), causes::busy), std::pair(ReleasedBy::b, ReleasedBy::b));
}

TEST(Fold, durations_are_those_of_the_original) {
    Cdr cdr;
    cdr.started = at(900);
    cdr.answered = at(5500);
    cdr.released = at(8400);
    EXPECT_EQ(cdr.total(), Seconds{8});
    EXPECT_EQ(cdr.waiting(), Seconds{5});
    EXPECT_EQ(cdr.talk(), Seconds{3});
    EXPECT_EQ(cdr.duration(), Seconds{2});
    cdr.answered = {};
    EXPECT_EQ(cdr.waiting(), Seconds{8});
    EXPECT_EQ(cdr.talk(), Seconds{0});
    EXPECT_EQ(cdr.duration(), Seconds{0});
}

TEST(Fold, names_the_first_party_that_was_talked_with) {
    Story story;
    story.add(0, ref, a, initiating, LegStarted{testing::facts("500", Direction::out, "600"), {}, {}});
    story.add(1, ref, a, alerting, LegChanged{testing::facts("500", Direction::out, "101"), {}, {}});
    story.add(2, ref, a, connected, LegConnected{});
    story.add(3, ref, a, connected, LegChanged{testing::facts("500", Direction::out, "102"), {}, {}});
    story.add(4, ref, a, ended, LegEnded{causes::hung_up});
    const auto records = folded(story);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].remote_number, "101");
    EXPECT_EQ(records[0].called_number, "600");
}

TEST(Fold, a_waiting_caller_has_not_talked_with_the_queue) {
    Story story;
    story.add(0, ref, a, initiating, LegStarted{testing::facts("500", Direction::out, "600"), {}, {}});
    story.add(1, ref, a, queued, LegConnected{});
    auto with_operator = testing::facts("500", Direction::out, "101");
    with_operator->queue_id = "sales";
    story.add(2, ref, a, connected, LegChanged{with_operator, {}, {}});
    story.add(3, ref, a, ended, LegEnded{causes::hung_up});
    const auto records = folded(story);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].remote_number, "101");
    EXPECT_EQ(records[0].queue_id, "sales");
    EXPECT_EQ(records[0].answered, at(1));
}

TEST(Fold, adds_up_the_time_held_and_parked) {
    Story story;
    story.begin(0, 1);
    story.add(5000, ref, a, held, LegHeld{});
    story.add(6000, ref, a, held, LegHeld{true});
    story.add(7500, ref, a, connected, LegRetrieved{});
    story.add(8000, ref, a, parked, LegParked{701});
    story.add(9000, ref, a, ended, LegEnded{causes::hung_up});
    EXPECT_EQ(folded(story).at(0).held, Milliseconds{3500});
}

TEST(Fold, who_waited_in_a_queue_is_told_with_the_operator_who_answered) {
    auto own = std::make_shared<LegFacts>(*testing::facts("201", Direction::out, "600"));
    own->queue_id = "sales";
    auto talking = std::make_shared<LegFacts>(*testing::facts("201", Direction::out, "101"));
    talking->queue_id = "sales";
    Story story;
    story.add(0, ref, a, initiating, LegStarted{own, Role::talker, {}});
    story.add(0, ref, a, connected, LegConnected{});
    story.add(0, ref, a, queued, LegQueued{"sales"});
    story.add(4000, ref, a, queued, LegOffered{LegId{8}});
    story.add(9000, ref, a, queued, LegOffered{LegId{9}});
    story.add(12'000, ref, a, connected, LegRetrieved{});
    story.add(12'000, ref, a, connected, LegChanged{talking, Role::talker, {}});
    story.add(20'000, ref, a, ended, LegEnded{causes::hung_up});
    const auto record = folded(story).at(0);
    EXPECT_EQ(record.queue_id, "sales");
    EXPECT_EQ(record.remote_number, "101");
    EXPECT_EQ(record.distributed, at(4000));
    EXPECT_EQ(record.agent_answered, at(12'000));
    EXPECT_EQ(record.answered, at(0));
    EXPECT_TRUE(record.shown);
}

TEST(Fold, the_record_shown_of_a_queues_talk_names_the_recording_of_who_took_it) {
    auto offered = std::make_shared<LegFacts>(*testing::facts("101", Direction::in, "201"));
    offered->queue_id = "sales";
    const Uuid first{7, 1}, second{7, 2};
    Story story;
    story.add(0, ref, a, initiating,
              LegStarted{testing::facts("201", Direction::out, "600"), Role::talker, {}});
    story.add(0, ref, a, queued, LegQueued{"sales"});
    story.add(1, ref, b, initiating, LegStarted{offered, Role::talker, {}});
    story.add(2, ref, b, connected, RecordingChanged{first, RecordingState::recording});
    story.add(3, CallRef{9}, a, connected, LegMoved{ref});
    story.add(3, CallRef{9}, b, connected, LegMoved{ref});
    story.add(4, CallRef{9}, b, connected, RecordingChanged{first, RecordingState::stopped});
    story.add(5, CallRef{9}, b, connected, RecordingChanged{second, RecordingState::recording});
    story.add(6, CallRef{9}, a, ended, LegEnded{causes::hung_up});
    story.add(6, CallRef{9}, b, ended, LegEnded{causes::hung_up});
    const auto records = folded(story);
    const std::vector<std::string> both{first.text(), second.text()};
    ASSERT_TRUE(records.at(0).shown);
    EXPECT_EQ(records.at(0).urls, both);
    EXPECT_EQ(records.at(1).urls, both) << "and the operator's own, as ever";
}

TEST(Fold, each_talk_is_shown_once) {
    const auto shown = [](const Story& story) {
        std::vector<LegId> legs;
        for (const auto& cdr : folded(story))
            if (cdr.shown) legs.push_back(cdr.leg);
        return legs;
    };
    const auto caller = testing::facts("201", Direction::out, "600");
    auto offered = std::make_shared<LegFacts>(*testing::facts("101", Direction::in, "201"));
    offered->queue_id = "sales";

    Story direct;
    EXPECT_EQ(shown(direct.call(0, 1)), std::vector{b});
    Story queued_call;
    queued_call.add(0, ref, a, initiating, LegStarted{caller, Role::talker, {}});
    queued_call.add(0, ref, a, queued, LegQueued{"sales"});
    queued_call.add(1, ref, b, initiating, LegStarted{offered, Role::talker, {}});
    queued_call.add(2, ref, b, ended, LegEnded{causes::no_answer});
    queued_call.add(3, ref, a, ended, LegEnded{causes::hung_up});
    EXPECT_EQ(shown(queued_call), std::vector{a});
    Story alone;
    alone.add(0, ref, a, initiating, LegStarted{caller, Role::talker, {}});
    alone.add(1, ref, a, ended, LegEnded{causes::not_registered});
    EXPECT_EQ(shown(alone), std::vector{a});
    Story feature;
    feature.add(0, ref, a, initiating, LegStarted{caller, Role::talker, {}});
    feature.add(1, ref, a, ended, LegEnded{causes::feature_done});
    EXPECT_TRUE(shown(feature).empty());
    Story supervising;
    supervising.add(0, ref, b, initiating,
                    LegStarted{testing::facts("105", Direction::in, "101"), Role::observer, a});
    supervising.add(1, ref, b, ended, LegEnded{causes::hung_up});
    EXPECT_TRUE(shown(supervising).empty());
}

TEST(Fold, a_leg_that_moved_belongs_to_the_call_it_ended_in) {
    Story story;
    story.begin(0, 1);
    story.add(5000, CallRef{9}, a, connected, LegMoved{ref});
    story.add(6000, CallRef{9}, a, ended, LegEnded{causes::hung_up});
    EXPECT_EQ(folded(story).at(0).call, CallRef{9});
}

TEST(Fold, a_leg_that_never_rang_says_so_and_a_supervisor_is_one) {
    Story story;
    story.add(0, ref, a, initiating,
              LegStarted{testing::facts("103", Direction::in, "101"), Role::observer, LegId{7}});
    story.add(1, ref, a, ended, LegEnded{causes::not_registered});
    const auto records = folded(story);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_FALSE(records[0].rang);
    EXPECT_EQ(records[0].role, Role::observer);
    EXPECT_EQ(records[0].sip, 480);
}

// Any series of events in which legs start once and end once gives one record a leg, and resuming from any
// checkpoint gives the same records again.
TEST(Fold, gives_one_record_a_leg_whatever_happens_between) {
    for (std::uint32_t seed = 1; seed <= 300; ++seed) {
        std::mt19937 random(seed);
        Story story;
        std::vector<LegId> open;
        std::uint64_t started = 0;
        std::int64_t now = 0;
        const auto change = [&](LegId leg, CallRef call) {
            const LegState states[] = {alerting, connected, held, queued, parked};
            const auto state = states[random() % 5];
            const auto facts = testing::facts("1", Direction::in, std::to_string(random() % 9));
            const EventBody bodies[] = {LegAlerting{},  LegConnected{},           LegHeld{},
                                        LegRetrieved{}, LegParked{701},           DtmfPressed{},
                                        LegMoved{ref},  LegChanged{facts, {}, {}}};
            story.add(now, call, leg, state, bodies[random() % 8]);
        };
        for (int step = 0; step < 200; ++step) {
            now += random() % 1000;
            const CallRef call{1 + random() % 5};
            if (open.empty() || random() % 5 == 0) {
                open.emplace_back(LegId{++started});
                story.add(now, call, open.back(), initiating,
                          LegStarted{testing::facts("1", Direction::out, "2"), {}, {}});
                continue;
            }
            const auto at = random() % open.size();
            if (random() % 4 == 0) {
                story.add(now, call, open[at], ended, LegEnded{causes::hung_up});
                open.erase(open.begin() + at);
            } else {
                change(open[at], call);
            }
        }
        for (const auto leg : open) story.add(now, ref, leg, ended, LegEnded{causes::restarted});

        Fold fold;
        std::set<LegId> seen;
        std::vector<std::uint64_t> checkpoints;
        for (std::uint64_t offset = 1; auto event : story.events) {
            event.offset = offset++;
            if (const auto cdr = fold.take(event)) {
                EXPECT_TRUE(seen.insert(cdr->leg).second) << "seed " << seed;
                EXPECT_LE(cdr->started, cdr->released);
                EXPECT_LE(cdr->held, cdr->released - cdr->started);
            }
            checkpoints.push_back(fold.checkpoint());
        }
        EXPECT_EQ(seen.size(), started) << "seed " << seed;
        EXPECT_EQ(fold.open_legs(), 0U);

        const auto stop = random() % story.events.size();
        Fold again;
        std::set<LegId> later;
        for (std::uint64_t offset = checkpoints[stop] + 1; offset <= story.events.size(); ++offset) {
            auto event = story.events[offset - 1];
            event.offset = offset;
            if (const auto cdr = again.take(event)) later.insert(cdr->leg);
        }
        for (auto at = stop + 1; at < story.events.size(); ++at) {
            const auto& event = story.events[at];
            if (!std::holds_alternative<LegEnded>(event.body)) continue;
            EXPECT_TRUE(later.contains(event.leg)) << "seed " << seed;
        }
    }
}

}  // namespace
}  // namespace patchbay::history
