// What the estimate says: the E-model's known points, and how loss and delay lower it.
#include "media/quality.hpp"

#include <gtest/gtest.h>

#include "media/rtcp.hpp"

namespace patchbay::media {
namespace {

using namespace std::chrono_literals;

TEST(Quality, a_clean_short_line_scores_what_the_model_says) {
    EXPECT_NEAR(mean_opinion("PCMA", 0, 0ms), 4.41, 0.01);
    EXPECT_NEAR(mean_opinion("PCMA", 0, 20ms), 4.40, 0.01);
}

TEST(Quality, loss_and_delay_lower_the_score_and_more_of_them_lower_it_more) {
    double last = 5;
    for (const double lost : {0.0, 0.005, 0.02, 0.1, 0.5, 1.0}) {
        const double score = mean_opinion("PCMU", lost, 20ms);
        EXPECT_LT(score, last);
        last = score;
    }
    EXPECT_GE(last, 1);
    // R = 93.2 - 0.024 * 400 - 0.11 * (400 - 177.3) = 59.1
    EXPECT_NEAR(mean_opinion("PCMA", 0, 400ms), 3.05, 0.02);
    EXPECT_LT(mean_opinion("PCMA", 0, 400ms), mean_opinion("PCMA", 0, 177ms));
}

TEST(Quality, nothing_heard_has_no_score) {
    EXPECT_EQ(quality_of({.packets_sent = 9, .codec = "PCMA"}).mos, 0);
    const auto heard = quality_of({.packets_received = 90, .lost = 10, .jitter = 30ms, .codec = "PCMA"});
    EXPECT_EQ(heard.received, 90U);
    EXPECT_NEAR(heard.mos, mean_opinion("PCMA", 0.1, 80ms), 1e-9);
}

TEST(RoundTrip, is_what_passed_less_what_the_peer_waited) {
    const std::uint64_t now = 1000ULL << 32;
    ReportBlock block{.last_sr = (990U << 16), .delay_since_sr = (9U << 16) + 32768};
    EXPECT_EQ(round_trip(block, now), 32768U);
    block.delay_since_sr = 11U << 16;
    EXPECT_EQ(round_trip(block, now), std::nullopt) << "it waited longer than the report is old";
    block.last_sr = 0;
    EXPECT_EQ(round_trip(block, now), std::nullopt);
}

}  // namespace
}  // namespace patchbay::media
