// Numbers for fax: they answer by themselves, and their calls end when the fax has.
#include "stage.hpp"

namespace patchbay::call::test {
namespace {

struct FaxNumbers : Stage {
    FaxNumbers() {
        auto changed = std::make_shared<config::Config>(*config);
        changed->domains.front().faxes = {{.number = "650", .name = "Fax", .station = "+7 383"}};
        sw.reload(changed);
    }
    std::vector<FaxState> states(LegId leg) const {
        std::vector<FaxState> seen;
        for (const auto& changed : told<FaxChanged>(leg)) seen.push_back(changed.state);
        return seen;
    }
};

TEST_F(FaxNumbers, one_answers_receives_and_hangs_up) {
    const auto a = dial("101", "650");
    EXPECT_TRUE(phones.told[a].answered);
    EXPECT_TRUE(phones.told[a].t38);
    EXPECT_EQ(ears.faxes.at(a).station, "+7 383");
    EXPECT_EQ(ears.faxes.at(a).facts->remote_number, "650");
    EXPECT_EQ(state(a), LegState::connected);
    sw.fax_ended(a, 3, "");
    EXPECT_EQ(states(a), (std::vector{FaxState::receiving, FaxState::received}));
    EXPECT_EQ(told<FaxChanged>(a).back().pages, 3);
    EXPECT_EQ(told<FaxChanged>(a).back().id, (Uuid{8, a.value}));
    EXPECT_TRUE(lives(a)) << "it is the sender's to hang up";
    pass(Seconds{4});
    EXPECT_EQ(end_of(a), "fax_done");
    EXPECT_TRUE(phones.told[a].ended);
    expect_nothing_left();
}

TEST_F(FaxNumbers, a_sender_that_hangs_up_is_gone_when_its_fax_is_closed) {
    const auto a = dial("101", "650");
    sw.ended(a, causes::hung_up);
    EXPECT_EQ(ears.fax_ends, std::vector{a});
    EXPECT_EQ(end_of(a), "") << "what came of the fax is not known yet";
    sw.fax_ended(a, 2, "");
    EXPECT_EQ(states(a).back(), FaxState::received);
    EXPECT_EQ(end_of(a), "hung_up");
    EXPECT_FALSE(phones.told[a].ended) << "it told us";
    expect_nothing_left();
}

TEST_F(FaxNumbers, a_fax_that_media_never_closes_fails) {
    const auto a = dial("101", "650");
    sw.ended(a, causes::hung_up);
    pass(Seconds{6});
    EXPECT_EQ(states(a).back(), FaxState::failed);
    EXPECT_EQ(end_of(a), "hung_up");
    sw.fax_ended(a, 1, "");  // too late
    expect_nothing_left();
}

TEST_F(FaxNumbers, a_fax_fails_with_its_reason) {
    const auto a = dial("101", "650");
    sw.fax_ended(a, 1, "transmission_failed");
    EXPECT_EQ(states(a).back(), FaxState::failed);
    EXPECT_EQ(told<FaxChanged>(a).back().reason, "transmission_failed");
    sw.ended(a, causes::hung_up);
    EXPECT_EQ(end_of(a), "hung_up");
    expect_nothing_left();
}

TEST_F(FaxNumbers, clearing_the_call_ends_its_fax) {
    const auto a = dial("101", "650");
    done(Clear{a});
    EXPECT_EQ(states(a).back(), FaxState::failed);
    EXPECT_EQ(end_of(a), "cleared");
    expect_nothing_left();
}

TEST_F(FaxNumbers, nobody_is_transferred_to_one_or_asks_it_anything) {
    const auto [a, b] = talk("101", "102");
    EXPECT_EQ(refused(Transfer{a, "650"}), "no_such_number");
    EXPECT_EQ(refused(AttendedTransfer{a, "650"}), "no_such_number");
    EXPECT_EQ(refused(Supervise{a, "650"}), "no_such_number");
    const auto sender = dial("103", "650");
    EXPECT_EQ(refused(Transfer{sender, "102"}), "wrong_state");
    EXPECT_TRUE(lives(sender));
    EXPECT_TRUE(lives(b));
}

}  // namespace
}  // namespace patchbay::call::test
