#include "sip/session_timer.hpp"

#include <gtest/gtest.h>

namespace patchbay::sip {
namespace {

config::Sip ours() {
    config::Sip settings;
    settings.session_expires = Seconds{1800};
    settings.min_session_expires = Seconds{90};
    return settings;
}

TEST(SessionTimer, ARequestWithoutAWishGetsOursAndWeRefresh) {
    const auto verdict = judge_session({}, ours());
    EXPECT_FALSE(verdict.too_small);
    EXPECT_EQ(verdict.terms.interval, Seconds{1800});
    EXPECT_TRUE(verdict.terms.we_refresh);
}

TEST(SessionTimer, AnIntervalBelowOurLeastIsRefusedOnlyToWhoUnderstandsThat) {
    EXPECT_TRUE(judge_session({Seconds{60}, "", Seconds{0}, true}, ours()).too_small);
    const auto put_by_a_proxy = judge_session({Seconds{60}, "", Seconds{0}, false}, ours());
    EXPECT_FALSE(put_by_a_proxy.too_small);
    EXPECT_EQ(put_by_a_proxy.terms.interval, Seconds{90});
}

TEST(SessionTimer, TheShorterIntervalWinsButNotBelowTheirLeast) {
    EXPECT_EQ(judge_session({Seconds{600}, "", Seconds{0}, true}, ours()).terms.interval, Seconds{600});
    EXPECT_EQ(judge_session({Seconds{7200}, "", Seconds{3600}, true}, ours()).terms.interval, Seconds{3600});
}

TEST(SessionTimer, TheRefresherIsWhoTheRequestNamesElseItsSender) {
    EXPECT_FALSE(judge_session({Seconds{600}, "", Seconds{0}, true}, ours()).terms.we_refresh);
    EXPECT_FALSE(judge_session({Seconds{600}, "uac", Seconds{0}, true}, ours()).terms.we_refresh);
    EXPECT_TRUE(judge_session({Seconds{600}, "uas", Seconds{0}, true}, ours()).terms.we_refresh);
    EXPECT_TRUE(judge_session({Seconds{600}, "", Seconds{0}, false}, ours()).terms.we_refresh);
}

TEST(SessionTimer, TheAnswerSettlesIt) {
    const auto theirs = settle_session({Seconds{900}, "uas", Seconds{0}, true}, Seconds{1800});
    EXPECT_EQ(theirs.interval, Seconds{900});
    EXPECT_FALSE(theirs.we_refresh);
    const auto silent = settle_session({}, Seconds{1800});
    EXPECT_EQ(silent.interval, Seconds{1800});
    EXPECT_TRUE(silent.we_refresh);
}

TEST(SessionTimer, WeRefreshAtHalfTimeAndGiveUpBeforeTheEnd) {
    EXPECT_EQ(refresh_after({Seconds{1800}, true, true}), Milliseconds{900'000});
    EXPECT_EQ(expires_after({Seconds{1800}, true, true}), Milliseconds{1'768'000});
    EXPECT_EQ(expires_after({Seconds{90}, true, true}), Milliseconds{60'000});
}

TEST(SessionTimer, TheHeaderNamesTheRefresherBySide) {
    EXPECT_EQ(session_expires({Seconds{90}, true, true}, true), "90;refresher=uac");
    EXPECT_EQ(session_expires({Seconds{90}, true, true}, false), "90;refresher=uas");
    EXPECT_EQ(session_expires({Seconds{90}, false, true}, true), "90;refresher=uas");
}

}  // namespace
}  // namespace patchbay::sip
