// Who sits where, who may see what, and what the words are.
#include <set>

#include "call/cause.hpp"
#include "call/routing.hpp"
#include "stage.hpp"

namespace patchbay::call::test {
namespace {

class Seats : public Stage {};

TEST_F(Seats, OneNumberHasOneOperator) {
    done(Seat{"op1", "102"});
    const auto a = dial("101", "102");
    EXPECT_EQ(find(a).facts->operator_id, "");
    EXPECT_EQ(find(last_rung()).facts->operator_id, "op1");
    done(Seat{"op1", ""});
    dial("101", "102");
    EXPECT_EQ(find(last_rung()).facts->operator_id, "op2");
    EXPECT_EQ(find(last_rung()).facts->display_name, "Борис Оператор");
}

TEST_F(Seats, WhoLogsOutSitsAtItsOwnNumberUnlessSomebodyWorksThere) {
    done(Seat{"op2", "103"});
    done(Seat{"op1", "102"});
    done(Seat{"op2", ""});
    dial("103", "102");
    EXPECT_EQ(find(last_rung()).facts->operator_id, "op1");
    done(Seat{"op1", ""});
    dial("103", "102");
    EXPECT_EQ(find(last_rung()).facts->operator_id, "op2");
    dial("103", "101");
    EXPECT_EQ(find(last_rung()).facts->operator_id, "op1");
}

TEST_F(Seats, WhoLogsInAtAPhoneThatTalksHasItsCall) {
    const auto a = dial("101", "105");
    const auto b = last_rung();
    sw.answered(b);
    ASSERT_EQ(find(b).facts->operator_id, "");
    done(Seat{"op2", "105"});
    EXPECT_EQ(find(b).facts->operator_id, "op2");
    EXPECT_EQ(find(a).facts->remote_operator_id, "op2");
    EXPECT_EQ(refused(Hold{b}, {"demo.local", "", "op2"}), "");
    sw.ended(a, causes::hung_up);
    EXPECT_TRUE(ask(List{}, {"demo.local", "", "op2"}).value().legs.empty());
}

TEST_F(Seats, AreKeptWhenTheConfigurationChanges) {
    done(Seat{"op1", "103"});
    sw.reload(small_domain());
    dial("101", "103");
    EXPECT_EQ(find(last_rung()).facts->operator_id, "op1");
    dial("103", "101");
    EXPECT_EQ(find(last_rung()).facts->operator_id, "");
}

TEST_F(Seats, TheUnknownAreRefused) {
    EXPECT_EQ(refused(Seat{"nobody", "102"}), refusal::invalid);
    EXPECT_EQ(refused(Seat{"op1", "999"}), refusal::no_such_number);
    EXPECT_EQ(refused(Seat{"op1", "103"}, {"demo.local", "", "op2"}), refusal::invalid);
    EXPECT_EQ(refused(Seat{"op1", "103"}, {"elsewhere", "", ""}), refusal::no_such_leg);
}

class Scopes : public Stage {};

TEST_F(Scopes, LegsOutsideTheScopeDoNotExist) {
    const auto [a, b] = talk();
    EXPECT_EQ(refused(Find{b}, {"demo.local", "101", ""}), refusal::no_such_leg);
    EXPECT_EQ(refused(Hold{b}, {"demo.local", "", "op1"}), refusal::no_such_leg);
    EXPECT_EQ(refused(Hold{b}, {"DEMO.local", "102", "op2"}), "");
    EXPECT_EQ(refused(Clear{a}, {"other.local", "", ""}), refusal::no_such_leg);
    EXPECT_EQ(ask(List{}, {"demo.local", "101", ""}).value().legs.size(), 1U);
    EXPECT_EQ(ask(List{}, {"demo.local", "", "op2"}).value().legs.front().id, b);
    EXPECT_EQ(ask(List{}).value().legs.size(), 2U);
}

TEST(Causes, AreAllDifferentAndFoundBySlug) {
    std::set<std::string_view> slugs;
    for (const auto& cause : all_causes()) {
        EXPECT_TRUE(slugs.insert(cause.slug).second) << cause.slug;
        ASSERT_TRUE(cause_named(cause.slug));
        EXPECT_EQ(cause_named(cause.slug)->q850, cause.q850);
    }
    EXPECT_FALSE(cause_named("no such cause"));
}

TEST(Causes, OfEveryFinalStatusAreKnownAndKeepIt) {
    for (int status = 300; status < 700; ++status) {
        const auto cause = cause_of_status(status);
        EXPECT_EQ(cause.sip, status);
        EXPECT_TRUE(cause_named(cause.slug)) << status;
        EXPECT_NE(cause.by, CauseBy::system);
    }
    EXPECT_EQ(cause_of_status(600).slug, "busy");
    EXPECT_EQ(cause_of_status(500).slug, "remote_failure");
}

TEST(Words, GoThereAndBack) {
    for (int i = 0; i <= static_cast<int>(LegState::ended); ++i) {
        EXPECT_EQ(leg_state_named(word(static_cast<LegState>(i))), static_cast<LegState>(i));
    }
    for (int i = 0; i <= static_cast<int>(CauseBy::system); ++i) {
        EXPECT_EQ(cause_by_named(word(static_cast<CauseBy>(i))), static_cast<CauseBy>(i));
    }
    EXPECT_EQ(role_named("consultant"), Role::consultant);
    EXPECT_EQ(direction_named("out"), Direction::out);
    EXPECT_EQ(supervise_mode_named("conference"), SuperviseMode::conference);
    EXPECT_FALSE(leg_state_named("busy"));
}

}  // namespace
}  // namespace patchbay::call::test
