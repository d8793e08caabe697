// A process killed in the middle of its work, on real files, and what the next one makes of it.
#include <csignal>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "history/history.hpp"
#include "history/sqlite_store.hpp"
#include "journal/journal.hpp"
#include "journal/recovery.hpp"
#include "temporary_folder.hpp"
#include "unit/journal/event_makers.hpp"
#include "unit/journal/listener.hpp"

namespace patchbay::history {
namespace {

journal::Options options(const testing::TemporaryFolder& folder) {
    journal::Options made;
    made.folder = folder.file("journal");
    made.segment_bytes = 100'000;
    return made;
}

// Publishes calls without end, and tells each newest offset that was heard.
[[noreturn]] void work(const testing::TemporaryFolder& folder, int tell) {
    journal::Journal journal(options(folder));
    SqliteStore store(folder.file("history.db"));
    HistoryOptions often;
    often.batch_interval = often.busy_interval = Milliseconds{2};
    const History history(store, journal, often);
    const auto subscription = journal.subscribe(0, [&](std::span<const call::Event> events) {
        const auto newest = events.back().offset;
        if (::write(tell, &newest, sizeof newest) < 0) ::_exit(1);
    });
    for (std::uint64_t n = 1;; ++n) {
        testing::Story story;
        if (n % 3 == 0) {
            story.begin(static_cast<std::int64_t>(n), n);
        } else {
            story.call(static_cast<std::int64_t>(n), n);
        }
        for (const auto& event : story.events) journal.publish(event);
        // Not too far ahead: the kill is to find calls in every state.
        while (n * 10 > journal.newest() + 2000) ::usleep(100);
    }
}

// Reads what the child told until the offset is past `until`; the newest offset told.
std::uint64_t read_until(int told, std::uint64_t until) {
    std::uint64_t newest = 0;
    while (newest < until)
        if (::read(told, &newest, sizeof newest) != sizeof newest) break;
    return newest;
}

TEST(Kill, costs_no_event_that_was_heard_and_leaves_every_leg_with_one_record) {
    testing::TemporaryFolder folder;
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) work(folder, pipe[1]);
    ::close(pipe[1]);
    const auto heard = read_until(pipe[0], 5000);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    const auto newest_heard = std::max(heard, read_until(pipe[0], ~0ULL));
    ::close(pipe[0]);

    journal::Journal journal(options(folder));
    EXPECT_GE(journal.newest(), newest_heard);
    const auto kept = journal.newest();
    SystemClock clock;
    const auto recovered = journal::recover(journal, clock);
    EXPECT_GT(recovered.legs, 0U);

    testing::Listener listener(journal);
    const auto events = listener.wait_for(kept + recovered.legs + recovered.calls);
    ASSERT_EQ(events.size(), kept + recovered.legs + recovered.calls);
    std::map<LegId, int> ends;
    std::map<CallRef, int> call_ends;
    for (const auto& event : events) {
        if (std::holds_alternative<call::LegStarted>(event.body)) ends[event.leg] += 0;
        if (std::holds_alternative<call::LegEnded>(event.body)) ++ends[event.leg];
        call_ends[event.call] += std::holds_alternative<call::CallEnded>(event.body) ? 1 : 0;
    }
    for (const auto& [leg, count] : ends) EXPECT_EQ(count, 1) << leg.text();
    for (const auto& [ref, count] : call_ends) EXPECT_EQ(count, 1) << ref.text();

    SqliteStore store(folder.file("history.db"));
    std::set<LegId> recorded;
    {
        const History history(store, journal);
        while (history.complete_to() < events.back().offset) ::usleep(1000);
    }
    Filter filter;
    filter.domain = "demo.local";
    filter.limit = 10'000;
    filter.skip_incomplete = false;
    const auto page = store.query(filter);
    ASSERT_TRUE(page);
    for (const auto& cdr : page->records) EXPECT_TRUE(recorded.insert(cdr.leg).second) << cdr.leg.text();
    EXPECT_EQ(recorded.size(), ends.size());
}

}  // namespace
}  // namespace patchbay::history
