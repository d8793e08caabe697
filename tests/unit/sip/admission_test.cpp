#include "sip/admission.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "manual_clock.hpp"

namespace patchbay::sip {
namespace {

using Reason = Admission::Reason;

/// Offers calls evenly for a second; how many were admitted.
int offer(Admission& admission, ManualClock& clock, int calls) {
    int admitted = 0;
    for (int i = 0; i < calls; ++i) {
        if (i % (calls / 100) == 0) clock.advance(Milliseconds{10});
        admitted += admission.new_call().admitted ? 1 : 0;
    }
    return admitted;
}

TEST(Admission, WithoutALimitAndWithoutLoadEveryCallIsAdmitted) {
    ManualClock clock;
    Admission admission(clock);
    EXPECT_EQ(offer(admission, clock, 10'000), 10'000);
}

TEST(Admission, ARateLimitAdmitsThatManyASecondAndSaysWhenToComeBack) {
    ManualClock clock;
    Admission admission(clock, {.calls_per_second = 100});
    offer(admission, clock, 1000);
    EXPECT_NEAR(offer(admission, clock, 1000), 100, 1);
    const auto refused = admission.new_call();
    ASSERT_FALSE(refused.admitted);
    EXPECT_EQ(refused.reason, Reason::rate);
    EXPECT_EQ(refused.retry_after, Seconds{1});
    EXPECT_TRUE(admission.ready());
}

TEST(Admission, AFullReceiveBufferRefusesUntilItIsNearlyEmptyAgain) {
    ManualClock clock;
    Admission admission(clock);
    admission.measured({.backlog = 0.39});
    EXPECT_TRUE(admission.new_call().admitted);
    admission.measured({.backlog = 0.41});
    EXPECT_EQ(admission.new_call().reason, Reason::backlog);
    EXPECT_FALSE(admission.ready());
    admission.measured({.backlog = 0.2});
    EXPECT_FALSE(admission.new_call().admitted) << "between the marks it stays as it was";
    admission.measured({.backlog = 0.05});
    EXPECT_TRUE(admission.new_call().admitted);
    admission.measured({.backlog = 0.2});
    EXPECT_TRUE(admission.new_call().admitted);
}

TEST(Admission, ADroppedDatagramIsOverloadAtOnce) {
    ManualClock clock;
    Admission admission(clock);
    admission.measured({.dropped = 1});
    EXPECT_EQ(admission.new_call().reason, Reason::backlog);
    admission.measured({.dropped = 1});
    EXPECT_TRUE(admission.new_call().admitted);
}

TEST(Admission, OneLateTurnOfTheLoopIsForgivenALateLoopIsNot) {
    ManualClock clock;
    Admission admission(clock);
    admission.measured({.lag = Milliseconds{0}});
    admission.measured({.lag = Milliseconds{900}});
    for (int i = 0; i < 50; ++i) admission.measured({});
    EXPECT_TRUE(admission.new_call().admitted) << "measuring other things does not repeat it";
    for (int i = 0; i < 10; ++i) admission.measured({.lag = Milliseconds{900}});
    EXPECT_EQ(admission.new_call().reason, Reason::lag);
    for (int i = 0; i < 10; ++i) admission.measured({.lag = Milliseconds{0}});
    EXPECT_TRUE(admission.new_call().admitted);
}

TEST(Admission, TooManyOpenTransactionsRefuseWithHysteresis) {
    ManualClock clock;
    Admission admission(clock, {.transactions_high = 100, .transactions_low = 50});
    admission.measured({.transactions = 101});
    EXPECT_EQ(admission.new_call().reason, Reason::transactions);
    admission.measured({.transactions = 60});
    EXPECT_FALSE(admission.new_call().admitted);
    admission.measured({.transactions = 49});
    EXPECT_TRUE(admission.new_call().admitted);
}

TEST(Admission, TheLongerItLastsTheLongerCallersAreSentAway) {
    ManualClock clock;
    Admission admission(clock);
    std::vector<Seconds> said;
    for (int second = 0; second < 40; ++second) {
        admission.measured({.backlog = 1});
        said.push_back(admission.new_call().retry_after);
        clock.advance(Milliseconds{400});
    }
    EXPECT_EQ(said.front(), Seconds{1});
    EXPECT_TRUE(std::ranges::is_sorted(said));
    EXPECT_EQ(said.back(), Seconds{16});
}

TEST(Admission, AfterTheFloodEverythingIsAsBefore) {
    ManualClock clock;
    Admission admission(clock);
    admission.measured({.backlog = 1, .dropped = 500, .lag = Milliseconds{900}, .transactions = 99'999});
    EXPECT_FALSE(admission.new_call().admitted);
    clock.advance(Milliseconds{501});
    EXPECT_TRUE(admission.new_call().admitted) << "an old measurement says nothing about now";
    EXPECT_EQ(offer(admission, clock, 1000), 1000);
}

TEST(Admission, AFloodingSourceIsLimitedAndTheOthersAreNot) {
    ManualClock clock;
    Admission admission(clock, {.source_messages_per_second = 100});
    int accepted = 0;
    for (int i = 0; i < 1000; ++i) accepted += admission.accepts("192.0.2.1") ? 1 : 0;
    EXPECT_EQ(accepted, 200);
    EXPECT_TRUE(admission.accepts("192.0.2.2"));
    clock.advance(Seconds{1});
    EXPECT_TRUE(admission.accepts("192.0.2.1"));
}

TEST(Admission, WhoSendsGarbageIsIgnoredForAWhile) {
    ManualClock clock;
    Admission admission(clock, {.garbage_per_minute = 3, .garbage_penalty = Seconds{30}});
    for (int i = 0; i < 3; ++i) admission.garbage("192.0.2.1");
    EXPECT_TRUE(admission.accepts("192.0.2.1"));
    admission.garbage("192.0.2.1");
    EXPECT_FALSE(admission.accepts("192.0.2.1"));
    EXPECT_TRUE(admission.accepts("192.0.2.2"));
    clock.advance(Seconds{30});
    EXPECT_TRUE(admission.accepts("192.0.2.1"));
}

TEST(Admission, ALittleGarbageNowAndThenIsForgiven) {
    ManualClock clock;
    Admission admission(clock, {.garbage_per_minute = 3});
    for (int i = 0; i < 20; ++i) {
        admission.garbage("192.0.2.1");
        clock.advance(Seconds{25});
    }
    EXPECT_TRUE(admission.accepts("192.0.2.1"));
}

TEST(Admission, ForgedAddressesNeitherFillMemoryNorPardonThePunished) {
    ManualClock clock;
    Admission admission(clock, {.garbage_per_minute = 0, .sources = 100});
    admission.garbage("bad");
    for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(admission.accepts(std::to_string(i)));
    EXPECT_FALSE(admission.accepts("bad"));
}

}  // namespace
}  // namespace patchbay::sip
