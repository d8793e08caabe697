// Recordings as the switch sees them: begun by a setting or a command, changed, ended with their leg.
#include <algorithm>

#include "stage.hpp"

namespace patchbay::call::test {
namespace {

using State = RecordingState;

struct Recorded : Stage {
    std::vector<State> states(LegId leg) const {
        std::vector<State> seen;
        for (const auto& changed : told<RecordingChanged>(leg)) seen.push_back(changed.state);
        return seen;
    }
    /// The domain with that change to it.
    template <typename Change>
    void configure(Change change) {
        auto changed = std::make_shared<config::Config>(*config);
        change(changed->domains.front());
        sw.reload(config = changed);
    }
    /// Queues 600, which is recorded, and 601, which is not.
    void configure_queues() {
        configure([](config::Domain& domain) {
            for (const auto* number : {"600", "601"}) {
                auto& queue = domain.queues.emplace_back();
                queue.id = queue.number = number;
            }
            domain.queues[0].record = true;
        });
    }
    /// Somebody waits in the queue, and the phone answers.
    Pair taken(const std::string& queue, const std::string& by) {
        const auto a = dial("103", queue);
        done(Offer{a, by});
        const auto b = last_rung();
        EXPECT_TRUE(states(a).empty() && states(b).empty()) << "waiting is no talk";
        sw.answered(b);
        return {a, b};
    }
    static config::Extension& extension(config::Domain& domain, std::string_view number) {
        return *std::ranges::find(domain.extensions, number, &config::Extension::number);
    }
};

TEST_F(Recorded, a_command_begins_changes_and_ends_a_recording) {
    const auto [a, b] = talk();
    const auto begun = done(Record{a, RecordingAction::start});
    EXPECT_EQ(begun.legs.front().recording, (Uuid{7, a.value}));
    done(Record{a, RecordingAction::pause});
    done(Record{a, RecordingAction::resume});
    done(Record{a, RecordingAction::mask});
    EXPECT_EQ(find(a).recording_state, State::masked);
    done(Record{a, RecordingAction::stop});
    EXPECT_FALSE(find(a).recording);
    EXPECT_EQ(states(a), (std::vector{State::recording, State::paused, State::recording, State::masked,
                                      State::stopped}));
    EXPECT_TRUE(states(b).empty());
    EXPECT_EQ(ears.recorded[a], State::stopped);
}

TEST_F(Recorded, what_does_not_fit_its_state_is_refused) {
    const auto [a, b] = talk();
    EXPECT_EQ(refused(Record{a, RecordingAction::stop}), "wrong_state");
    EXPECT_EQ(refused(Record{a, RecordingAction::mask}), "wrong_state");
    done(Record{a, RecordingAction::start});
    EXPECT_EQ(refused(Record{a, RecordingAction::start}), "wrong_state");
    EXPECT_EQ(refused(Record{a, RecordingAction::resume}), "wrong_state");
    EXPECT_EQ(refused(Record{LegId{1}, RecordingAction::start}), "no_such_leg");
    EXPECT_EQ(refused(Record{a, RecordingAction::stop}, {"demo.local", "102", ""}), "no_such_leg");
    const auto ringing = dial("103", "101");
    EXPECT_EQ(refused(Record{ringing, RecordingAction::start}), "wrong_state");
    ears.recordings_left = 0;
    EXPECT_EQ(refused(Record{b, RecordingAction::start}), "no_recording");
}

TEST_F(Recorded, it_ends_with_its_leg_before_the_leg_does) {
    const auto [a, b] = talk();
    done(Record{a, RecordingAction::start});
    done(Clear{b});
    EXPECT_EQ(states(a), (std::vector{State::recording, State::stopped}));
    const auto last = std::ranges::find_if(events.all, [&, leg = a](const Event& event) {
        return event.leg == leg && std::holds_alternative<LegEnded>(event.body);
    });
    ASSERT_NE(last, events.all.end());
    EXPECT_TRUE(std::none_of(last, events.all.end(), [](const Event& event) {
        return std::holds_alternative<RecordingChanged>(event.body);
    }));
}

TEST_F(Recorded, an_extensions_setting_begins_it_once_it_talks) {
    configure([](config::Domain& domain) { extension(domain, "102").record = true; });
    const auto [a, b] = talk("101", "102");
    EXPECT_TRUE(states(a).empty());
    EXPECT_EQ(states(b), std::vector{State::recording});
    EXPECT_EQ(ears.orders[b].facts->number, "102");
    done(Record{b, RecordingAction::stop});
    done(Hold{b});
    done(Retrieve{b});
    EXPECT_EQ(states(b).size(), 2U) << "it is not begun again";
}

TEST_F(Recorded, a_setting_that_cannot_be_met_leaves_the_call_as_it_is) {
    configure([](config::Domain& domain) { extension(domain, "102").record = true; });
    ears.recordings_left = 0;
    const auto [a, b] = talk("101", "102");
    EXPECT_EQ(state(a), LegState::connected);
    EXPECT_TRUE(states(b).empty());
}

TEST_F(Recorded, a_disk_that_fails_is_told_and_the_call_goes_on) {
    const auto [a, b] = talk();
    done(Record{a, RecordingAction::start});
    sw.recording_failed(a, Uuid{1, 1}, "disk_full");
    EXPECT_EQ(states(a).size(), 1U) << "of another recording";
    sw.recording_failed(a, Uuid{7, a.value}, "disk_full");
    ASSERT_EQ(states(a).size(), 2U);
    EXPECT_EQ(told<RecordingChanged>(a).back().reason, "disk_full");
    EXPECT_FALSE(find(a).recording);
    EXPECT_EQ(state(b), LegState::connected);
    done(Record{a, RecordingAction::start});
}

TEST_F(Recorded, whoever_takes_a_queues_caller_is_recorded_from_the_answer_on) {
    configure_queues();
    const auto [a, b] = taken("600", "102");
    EXPECT_TRUE(states(a).empty());
    ASSERT_EQ(states(b), std::vector{State::recording});
    const auto& facts = *ears.orders[b].facts;
    EXPECT_EQ(facts.operator_id, "op2");
    EXPECT_EQ(facts.group, "sales");
    EXPECT_EQ(facts.remote_number, "103");
    EXPECT_EQ(facts.queue_id, "600");
    done(Clear{b});
    EXPECT_EQ(states(b).back(), State::stopped);
}

TEST_F(Recorded, a_queue_that_does_not_record_leaves_its_talks_alone) {
    configure_queues();
    const auto [a, b] = taken("601", "102");
    EXPECT_TRUE(states(a).empty());
    EXPECT_TRUE(states(b).empty());
}

TEST_F(Recorded, a_colleague_to_whom_a_queues_caller_is_given_is_recorded_in_turn) {
    configure_queues();
    const auto [a, b] = taken("600", "102");
    done(AttendedTransfer{b, "101"});
    const auto c = last_rung();
    sw.answered(c);
    EXPECT_TRUE(states(c).empty()) << "the two operators talk, not the caller";
    done(Transfer{b, "101"});
    EXPECT_EQ(states(b), (std::vector{State::recording, State::stopped}));
    EXPECT_EQ(states(c), std::vector{State::recording});
    EXPECT_EQ(ears.orders[c].facts->operator_id, "op1");
    EXPECT_EQ(ears.orders[c].facts->remote_number, "103");
    EXPECT_TRUE(states(a).empty());
}

TEST_F(Recorded, a_phone_without_an_operator_that_takes_a_queues_caller_is_recorded_too) {
    configure_queues();
    const auto [a, b] = taken("600", "104");
    EXPECT_TRUE(states(a).empty());
    EXPECT_EQ(states(b), std::vector{State::recording});
}

TEST_F(Recorded, who_waits_in_a_slot_is_recorded_with_whoever_takes_the_call_there) {
    configure_queues();
    const auto [a, b] = taken("600", "102");
    done(Park{b});
    EXPECT_EQ(states(b).back(), State::stopped);
    const auto c = dial("101", "701");
    EXPECT_TRUE(states(a).empty());
    EXPECT_EQ(states(c), std::vector{State::recording});
}

TEST_F(Recorded, a_call_on_a_queues_behalf_is_recorded_once_both_talk) {
    configure_queues();
    done(Originate{"102", "103", {}, "600"});
    const auto b = last_rung();
    sw.answered(b);
    EXPECT_TRUE(states(b).empty()) << "the other rings yet";
    const auto a = last_rung();
    sw.answered(a);
    EXPECT_EQ(states(b), std::vector{State::recording});
    EXPECT_TRUE(states(a).empty());
}

TEST_F(Recorded, an_operators_setting_waits_for_somebody_to_talk_with) {
    configure([](config::Domain& domain) { domain.operators.front().record = true; });
    configure_queues();
    const auto a = dial("101", "601");
    EXPECT_TRUE(states(a).empty()) << "music is no talk";
    done(Offer{a, "102"});
    sw.answered(last_rung());
    EXPECT_EQ(states(a), std::vector{State::recording});
}

TEST_F(Recorded, where_the_domain_wants_it_those_who_talk_hear_that_they_are_recorded) {
    configure([](config::Domain& domain) { domain.recording_notice = true; });
    const auto [a, b] = talk();
    EXPECT_EQ(hears(a), Sources{b}) << "nobody is recorded yet";
    done(Record{a, RecordingAction::start});
    EXPECT_EQ(hears(a), (Sources{b, Sound::notice}));
    EXPECT_EQ(hears(b), (Sources{a, Sound::notice}));
    done(Record{a, RecordingAction::pause});
    EXPECT_EQ(hears(a), Sources{b});
    done(Record{a, RecordingAction::resume});
    done(Hold{a});
    EXPECT_EQ(hears(b), Sources{Sound::music}) << "nobody talks";
    done(Retrieve{a});
    EXPECT_EQ(hears(b), (Sources{a, Sound::notice}));
    done(Record{a, RecordingAction::stop});
    EXPECT_EQ(hears(b), Sources{a});
}

TEST_F(Recorded, no_notice_is_heard_where_the_domain_wants_none) {
    const auto [a, b] = talk();
    done(Record{a, RecordingAction::start});
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(hears(b), Sources{a});
}

}  // namespace
}  // namespace patchbay::call::test
