// A call centre for a week, and the theory of queues for comparison. PATCHBAY_CENTRE_SEED and
// PATCHBAY_CENTRE_HOURS choose another run.
#include "centre.hpp"

#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/log.hpp"
#include "base/text.hpp"

namespace patchbay::simulation {
namespace {

using std::chrono::hours;

// A week in an optimized build; debug and sanitizer builds take a tenth of the speed, and the same paths in
// half a day.
#ifdef NDEBUG
constexpr std::int64_t usual_hours = 168;
constexpr int compared_callers = 300'000;
constexpr double agreement = 0.05;
#else
constexpr std::int64_t usual_hours = 12;
constexpr int compared_callers = 20'000;
constexpr double agreement = 0.25;
#endif

std::int64_t setting(const char* name, std::int64_t otherwise) {
    const char* value = std::getenv(name);
    return value == nullptr ? otherwise : to_number(value).value_or(otherwise);
}

// The share of callers that have to wait (Erlang's C formula) for `servers` and `load` in Erlang.
double erlang_c(int servers, double load) {
    double blocked = 1;  // Erlang's B, by its recursion
    for (int n = 1; n <= servers; ++n) blocked = load * blocked / (n + load * blocked);
    const auto use = load / servers;
    return blocked / (1 - use * (1 - blocked));
}

TEST(Centre, WorksForAWeekAndHoldsItsInvariants) {
    log::set_level(log::Level::error);
    const auto seed = static_cast<std::uint64_t>(setting("PATCHBAY_CENTRE_SEED", 20261121));
    const auto length = setting("PATCHBAY_CENTRE_HOURS", usual_hours);
    Centre centre(seed, {});
    const auto begin = centre.now();
    centre.work(hours{length});
    const auto minutes = std::chrono::floor<std::chrono::minutes>(centre.now() - begin).count();
    if (!centre.breach()) centre.close();
    ASSERT_FALSE(centre.breach()) << fmt::format(
        "PATCHBAY_CENTRE_SEED={} PATCHBAY_CENTRE_HOURS={} fails in minute {}: {}", seed, minutes / 60 + 1,
        minutes, centre.breach().text());
    const auto all = centre.figures();
    RecordProperty("callers", std::to_string(centre.callers()));
    RecordProperty("service_level", std::to_string(all.service_level()));
    EXPECT_NEAR(static_cast<double>(centre.callers()), 5000.0 * static_cast<double>(length),
                150.0 * static_cast<double>(length));
    EXPECT_GT(all.answered, all.entered * 8 / 10) << "hardly anybody is served";
    EXPECT_GT(all.abandoned, 0U) << "nobody ever gives up: the load tests nothing";
    EXPECT_GT(all.missed, 0U);
}

// Poisson arrivals, exponential handling, equal servers, unlimited patience and line, answers without delay:
// what the formula assumes. docs/manual/queues.md states the comparison.
TEST(Centre, WaitsAsErlangCSays) {
    log::set_level(log::Level::error);
    struct Case {
        int operators;
        double load;
    };
    for (const auto& [operators, load] : {Case{5, 3.5}, Case{10, 8.0}, Case{20, 17.0}}) {
        Habits habits;
        habits.operators = operators;
        habits.queues = habits.queues_of_operator = 1;
        habits.talk = Milliseconds{60'000};
        habits.calls_an_hour = load * 60;
        habits.patience = habits.longest_answer = habits.between_breaks = Milliseconds{0};
        habits.missed = habits.rejected = 0;
        habits.wrap_up = Seconds{0};
        habits.varied = false;
        Centre centre(20261121, habits);
        centre.work(hours{static_cast<int>(compared_callers / habits.calls_an_hour)});
        ASSERT_FALSE(centre.breach()) << centre.breach().text();
        const auto all = centre.figures();
        const auto waits = erlang_c(operators, load);
        const auto mean = waits * 60.0 / (operators - load);
        const auto in_time = 1 - waits * std::exp(-(operators - load) * 20.0 / 60.0);
        const auto measured = std::chrono::duration<double>(all.mean_wait()).count();
        EXPECT_NEAR(measured / mean, 1, agreement) << operators << " operators, " << load << " Erlang";
        EXPECT_NEAR(all.service_level() / in_time, 1, agreement) << operators << " operators, " << load;
        RecordProperty(fmt::format("mean_wait_{}", operators),
                       fmt::format("{:.3f} of {:.3f}", measured, mean));
    }
}

}  // namespace
}  // namespace patchbay::simulation
