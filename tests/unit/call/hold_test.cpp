// Hold and retrieve, by command and by the phone.
#include "stage.hpp"

namespace patchbay::call::test {
namespace {

class HoldAndRetrieve : public Stage {};

TEST_F(HoldAndRetrieve, TheOtherHearsMusicAndTheHolderNothing) {
    const auto [a, b] = talk();
    EXPECT_EQ(done(Hold{b}).legs.front().state, LegState::held);
    EXPECT_EQ(hears(a), Sources{Sound::music});
    EXPECT_EQ(hears(b), Sources{});
    EXPECT_EQ(done(Retrieve{b}).legs.front().state, LegState::connected);
    EXPECT_EQ(hears(a), Sources{b});
    EXPECT_EQ(hears(b), Sources{a});
    EXPECT_EQ(told<LegHeld>(b).size(), 1U);
    EXPECT_EQ(told<LegRetrieved>(b).size(), 1U);
}

TEST_F(HoldAndRetrieve, BothHoldingHearNothing) {
    const auto [a, b] = talk();
    done(Hold{b});
    done(Hold{a});
    EXPECT_EQ(hears(a), Sources{});
    EXPECT_EQ(hears(b), Sources{});
    done(Retrieve{b});
    EXPECT_EQ(hears(a), Sources{});
    EXPECT_EQ(hears(b), Sources{Sound::music});
}

TEST_F(HoldAndRetrieve, RepeatingIsRefusedUnlessTheDialectWantsItDone) {
    const auto [a, b] = talk();
    EXPECT_EQ(refused(Retrieve{b}), refusal::wrong_state);
    EXPECT_EQ(refused(Retrieve{b, true}), "");
    done(Hold{b});
    const auto again = ask(Hold{b});
    EXPECT_EQ(again.error().code, refusal::wrong_state);
    EXPECT_NE(again.error().text.find("on hold"), std::string::npos);
    EXPECT_EQ(refused(Hold{b, true}), "");
    EXPECT_EQ(told<LegHeld>(b).size(), 1U);
}

TEST_F(HoldAndRetrieve, ThePhonesButtonGivesTheSameState) {
    const auto [a, b] = talk();
    sw.hold_changed(b, true);
    EXPECT_EQ(state(b), LegState::held);
    EXPECT_EQ(hears(a), Sources{Sound::music});
    EXPECT_TRUE(told<LegHeld>(b).front().by_phone);
    sw.hold_changed(b, true);
    EXPECT_EQ(told<LegHeld>(b).size(), 1U);
    sw.hold_changed(b, false);
    EXPECT_EQ(state(b), LegState::connected);
    EXPECT_EQ(hears(a), Sources{b});
}

TEST_F(HoldAndRetrieve, APhoneThatHoldsIsAskedToComeBack) {
    const auto [a, b] = talk();
    sw.hold_changed(b, true);
    EXPECT_EQ(done(Retrieve{b}).legs.front().state, LegState::held);
    EXPECT_TRUE(phones.told[b].asked_back);
    sw.hold_changed(b, false);
    EXPECT_EQ(state(b), LegState::connected);
    EXPECT_EQ(hears(b), Sources{a});
}

TEST_F(HoldAndRetrieve, ThePhoneComingBackEndsAHoldByCommandToo) {
    const auto [a, b] = talk();
    done(Hold{b});
    sw.hold_changed(b, true);
    sw.hold_changed(b, false);
    EXPECT_EQ(state(b), LegState::connected);
}

TEST_F(HoldAndRetrieve, APhoneMayHoldFromTheFirstMoment) {
    const auto a = dial("101", "102");
    const auto b = last_rung();
    sw.hold_changed(a, true);
    EXPECT_EQ(state(a), LegState::initiating);
    sw.answered(b);
    EXPECT_EQ(state(a), LegState::held);
    EXPECT_EQ(hears(b), Sources{Sound::music});
    EXPECT_EQ(told<LegHeld>(a).size(), 1U);
    EXPECT_EQ(told<LegConnected>(a).size(), 1U);
}

TEST_F(HoldAndRetrieve, ARingingLegCannotHold) {
    const auto a = dial("101", "102");
    EXPECT_EQ(refused(Hold{a}), refusal::wrong_state);
    EXPECT_EQ(refused(Retrieve{last_rung(), true}), refusal::wrong_state);
    EXPECT_EQ(refused(Hold{LegId{7}}), refusal::no_such_leg);
}

TEST_F(HoldAndRetrieve, AHeldCallEndsLikeAnyOther) {
    const auto [a, b] = talk();
    done(Hold{b});
    sw.ended(a, causes::hung_up);
    EXPECT_TRUE(phones.told[b].ended);
    expect_nothing_left();
}

}  // namespace
}  // namespace patchbay::call::test
