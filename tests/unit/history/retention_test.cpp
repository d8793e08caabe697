#include "history/retention.hpp"

#include <atomic>
#include <chrono>

#include <gtest/gtest.h>

#include "support/wait.hpp"

namespace patchbay::history {
namespace {

Time date(int year, unsigned month, unsigned day) {
    return std::chrono::sys_days(std::chrono::year(year) / month / day) + std::chrono::hours(13);
}

TEST(Retention, keeps_the_month_of_the_oldest_record_that_must_be_kept) {
    const auto first = [](int year, unsigned month) { return date(year, month, 1) - std::chrono::hours(13); };
    EXPECT_EQ(kept_from(date(2026, 3, 31), std::chrono::days{30}), first(2026, 3));
    EXPECT_EQ(kept_from(date(2026, 3, 31), std::chrono::days{31}), first(2026, 2));
    EXPECT_EQ(kept_from(date(2026, 1, 1), std::chrono::days{366}), first(2024, 12));
}

// Has so many pieces to forget.
struct CountingStore final : Store {
    Result<Done> write(std::span<const Cdr>, std::uint64_t) override { return Done{}; }
    Result<std::uint64_t> journal_offset() override { return std::uint64_t{0}; }
    Result<Page> query(const Filter&) override { return Page{}; }
    Result<bool> forget(Time month_start) override {
        asked = month_start;
        if (++calls == 1) return Error{"store_busy", "away"};
        return calls < 4;
    }
    std::atomic<int> calls{0};
    std::atomic<Time> asked{};
};

struct FixedClock final : Clock {
    Time now() override { return date(2026, 11, 21); }
    Ticks ticks() override { return {}; }
};

TEST(Retention, goes_on_until_all_is_gone_and_after_an_error) {
    CountingStore store;
    FixedClock clock;
    const Retention retention(
        store, clock,
        {.keep = std::chrono::days{365}, .interval = Milliseconds{1}, .pause = Milliseconds{1}});
    EXPECT_TRUE(support::becomes_true([&] { return store.calls >= 5; }));
    EXPECT_EQ(store.asked.load(), date(2025, 11, 1) - std::chrono::hours(13));
}

TEST(Retention, forgets_nothing_unless_told_to) {
    CountingStore store;
    FixedClock clock;
    { const Retention retention(store, clock, {.interval = Milliseconds{0}}); }
    EXPECT_EQ(store.calls, 0);
}

}  // namespace
}  // namespace patchbay::history
