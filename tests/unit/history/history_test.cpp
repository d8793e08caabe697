#include "history/history.hpp"

#include <chrono>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "history/sqlite_store.hpp"
#include "journal/journal.hpp"
#include "journal/recovery.hpp"
#include "support/wait.hpp"
#include "temporary_folder.hpp"
#include "unit/journal/event_makers.hpp"
#include "unit/journal/fault_files.hpp"

namespace patchbay::history {
namespace {

using support::becomes_true;
using testing::FaultFiles;
using testing::Story;

journal::Options in_memory() {
    journal::Options options;
    options.folder = "journal";
    options.sync = Milliseconds{0};
    options.segment_bytes = 50'000;
    return options;
}

HistoryOptions quick() {
    HistoryOptions options;
    options.batch_interval = options.busy_interval = Milliseconds{1};
    options.retry = Milliseconds{1};
    return options;
}

// A store in memory that can be away, and that checks what it is promised.
class MemoryStore final : public Store {
  public:
    Result<Done> write(std::span<const Cdr> records, std::uint64_t journal_offset) override {
        const std::scoped_lock lock(mutex_);
        if (away_) return ++refusals_, Error{"store_busy", "away"};
        for (const auto& cdr : records)
            if (cdr.number == "bad") return Error{"bad_record", "it is bad"};
        largest_ = std::max(largest_, records.size());
        for (const auto& cdr : records) records_.emplace(cdr.leg, cdr);
        offset_ = journal_offset;
        return Done{};
    }
    Result<std::uint64_t> journal_offset() override {
        const std::scoped_lock lock(mutex_);
        return offset_;
    }
    Result<Page> query(const Filter&) override { return Page{}; }
    Result<bool> forget(Time) override { return false; }

    void set_away(bool away) {
        const std::scoped_lock lock(mutex_);
        away_ = away;
    }
    std::map<LegId, Cdr> records() {
        const std::scoped_lock lock(mutex_);
        return records_;
    }
    int refusals() {
        const std::scoped_lock lock(mutex_);
        return refusals_;
    }
    std::size_t largest_batch() {
        const std::scoped_lock lock(mutex_);
        return largest_;
    }

  private:
    std::mutex mutex_;
    bool away_ = false;
    int refusals_ = 0;
    std::size_t largest_ = 0;
    std::uint64_t offset_ = 0;
    std::map<LegId, Cdr> records_;
};

Story calls(std::uint64_t count, std::uint64_t first = 1) {
    Story story;
    for (auto n = first; n < first + count; ++n) story.call(static_cast<std::int64_t>(n), n);
    return story;
}

TEST(History, writes_a_record_for_each_ended_leg) {
    FaultFiles files;
    journal::Journal journal(in_memory(), files);
    MemoryStore store;
    const History history(store, journal, quick());
    publish(journal, calls(50));
    EXPECT_TRUE(becomes_true([&] { return store.records().size() == 100; }));
    EXPECT_TRUE(becomes_true([&] { return history.complete_to() == 500; }));
    EXPECT_EQ(store.journal_offset().value(), 500U);
}

TEST(History, catches_up_with_what_happened_before_it_began) {
    FaultFiles files;
    journal::Journal journal(in_memory(), files);
    publish(journal, calls(2000));
    MemoryStore store;
    auto options = quick();
    options.largest_batch = 100;
    const History history(store, journal, options);
    EXPECT_TRUE(becomes_true([&] { return store.records().size() == 4000; }));
    EXPECT_LE(store.largest_batch(), 100U);
}

TEST(History, loses_nothing_while_the_store_is_away) {
    FaultFiles files;
    journal::Journal journal(in_memory(), files);
    MemoryStore store;
    auto options = quick();
    options.most_waiting = 200;  // so that most of it waits on disk
    const History history(store, journal, options);
    store.set_away(true);
    publish(journal, calls(10));
    ASSERT_TRUE(becomes_true([&] { return store.refusals() > 0 && !history.keeping_up(); }));
    publish(journal, calls(990, 11));
    ASSERT_TRUE(becomes_true([&] { return journal.newest() == 10'000; }));
    store.set_away(false);
    EXPECT_TRUE(becomes_true([&] { return store.records().size() == 2000; }));
    EXPECT_TRUE(becomes_true([&] { return history.keeping_up(); }));
}

TEST(History, sets_aside_what_the_store_will_never_take) {
    FaultFiles files;
    testing::TemporaryFolder folder;
    journal::Journal journal(in_memory(), files);
    MemoryStore store;
    auto story = calls(100);
    int spoilt = 0;
    for (auto& event : story.events) {
        auto* started = std::get_if<call::LegStarted>(&event.body);
        if (started == nullptr || event.call.value % 40 != 0 || started->facts->number != "101") continue;
        auto facts = *started->facts;
        facts.number = "bad";
        started->facts = std::make_shared<call::LegFacts>(facts);
        ++spoilt;
    }
    ASSERT_EQ(spoilt, 2);
    publish(journal, story);
    auto options = quick();
    options.set_aside = folder.file("refused.jsonl");
    const History history(store, journal, options);
    EXPECT_TRUE(becomes_true([&] { return store.records().size() == 198; }));
    EXPECT_TRUE(becomes_true([&] { return history.complete_to() == 1000 && history.keeping_up(); }));
    std::ifstream refused(options.set_aside);
    std::vector<std::string> lines;
    for (std::string line; std::getline(refused, line);) lines.push_back(line);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_NE(lines[0].find(R"("refused":"it is bad")"), std::string::npos) << lines[0];
    EXPECT_NE(lines[0].find(R"("call":"40")"), std::string::npos) << lines[0];
}

TEST(History, folds_calls_again_that_were_open_when_it_ended) {
    FaultFiles files;
    journal::Journal journal(in_memory(), files);
    MemoryStore store;
    {
        const History history(store, journal, quick());
        Story open;
        publish(journal, open.begin(0, 7000));
        publish(journal, calls(10));
        ASSERT_TRUE(becomes_true([&] { return store.records().size() == 20; }));
    }
    const History history(store, journal, quick());
    Story end;
    for (const LegId leg : {LegId{14000}, LegId{14001}})
        end.add(9000, CallRef{7000}, leg, call::LegState::ended, call::LegEnded{call::causes::hung_up});
    publish(journal, end);
    ASSERT_TRUE(becomes_true([&] { return store.records().size() == 22; }));
    EXPECT_EQ(store.records().at(LegId{14000}).answered, testing::at(3000));
}

TEST(History, hears_a_journal_that_begins_anew) {
    MemoryStore store;
    for (const std::uint64_t first : {1U, 1000U}) {
        FaultFiles files;
        journal::Journal journal(in_memory(), files);
        const History history(store, journal, quick());
        publish(journal, calls(first == 1 ? 20 : 5, first));
        EXPECT_TRUE(becomes_true([&] { return store.records().size() == (first == 1 ? 40U : 50U); }));
    }
}

TEST(History, a_crash_leaves_no_call_without_its_records) {
    FaultFiles files;
    testing::TemporaryFolder folder;
    std::unique_ptr<FaultFiles> left;
    {
        journal::Journal journal(in_memory(), files);
        SqliteStore store(folder.file("history.db"));
        const History history(store, journal, quick());
        Story story = calls(20);
        story.begin(30'000, 500).begin(31'000, 501);
        publish(journal, story);
        ASSERT_TRUE(becomes_true([&] { return history.complete_to() == 214; }));
        left = files.after_power_cut(1);
    }
    journal::Journal journal(in_memory(), *left);
    SystemClock clock;
    const auto recovered = journal::recover(journal, clock);
    EXPECT_EQ(recovered.legs, 4U);
    EXPECT_EQ(recovered.calls, 2U);
    SqliteStore store(folder.file("history.db"));
    const History history(store, journal, quick());
    Filter filter;
    filter.domain = "demo.local";
    filter.limit = 100;
    ASSERT_TRUE(becomes_true([&] { return store.query(filter)->records.size() == 44; }));
    const auto records = store.query(filter)->records;
    EXPECT_EQ(records[0].leg, LegId{1003});
    for (std::size_t at = 0; at < records.size(); ++at) {
        EXPECT_EQ(records[at].cause, at < 4 ? "restarted" : "hung_up") << at;
        EXPECT_EQ(records[at].released_by, at < 4 ? ReleasedBy::system : ReleasedBy::a) << at;
    }
    EXPECT_EQ(records[0].released, testing::at(36'000)) << "the time of the last event the journal knows";
}

}  // namespace
}  // namespace patchbay::history
