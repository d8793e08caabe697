#include <chrono>

#include <gtest/gtest.h>

#include "event_makers.hpp"
#include "fault_files.hpp"
#include "journal/journal.hpp"
#include "journal/recovery.hpp"
#include "listener.hpp"
#include "support/wait.hpp"

namespace patchbay::journal {
namespace {

using support::becomes_true;
using testing::FaultFiles;
using testing::Listener;
using testing::small;
using testing::Story;

// What a new journal on that disk reads back.
std::vector<call::Event> read_back(FaultFiles& files, std::size_t count) {
    Journal journal(small(Milliseconds{0}), files);
    Listener listener(journal);
    return listener.wait_for(count);
}

class Disk : public ::testing::TestWithParam<Milliseconds> {};

TEST_P(Disk, when_full_nothing_is_lost_and_nobody_hears_too_early) {
    FaultFiles files;
    Story story;
    for (std::uint64_t n = 1; n <= 40; ++n) story.call(static_cast<std::int64_t>(n), n);
    {
        Journal journal(small(GetParam()), files);
        Listener listener(journal);
        files.set({.room = 1500});
        publish(journal, story);
        ASSERT_TRUE(becomes_true([&] { return files.contents().begin()->second.size() > 0; }));
        EXPECT_LT(listener.heard(), story.events.size());
        files.set({});
        EXPECT_EQ(listener.wait_for(story.events.size()).size(), story.events.size());
    }
    const auto again = read_back(files, story.events.size());
    ASSERT_EQ(again.size(), story.events.size());
    for (std::size_t i = 0; i < again.size(); ++i) EXPECT_EQ(again[i].offset, i + 1);
}

TEST_P(Disk, writes_cut_short_are_carried_on) {
    FaultFiles files;
    Story story;
    for (std::uint64_t n = 1; n <= 10; ++n) story.call(0, n);
    files.set({.longest_write = 7});
    {
        Journal journal(small(GetParam()), files);
        Listener listener(journal);
        publish(journal, story);
        ASSERT_EQ(listener.wait_for(100).size(), 100U);
    }
    EXPECT_EQ(read_back(files, 100).size(), 100U);
}

TEST_P(Disk, what_a_failed_sync_lost_is_written_again) {
    FaultFiles files;
    {
        Journal journal(small(GetParam()), files);
        Listener listener(journal);
        Story first, second;
        publish(journal, first.call(0, 1));
        ASSERT_EQ(listener.wait_for(10).size(), 10U);
        const auto before = files.syncs();
        files.set({.syncs_fail = true});
        publish(journal, second.call(0, 2));
        if (GetParam() < Seconds{60}) {
            ASSERT_TRUE(becomes_true([&] { return files.syncs() > before + 1; }));
        }
        files.set({});
        ASSERT_EQ(listener.wait_for(20).size(), 20U);
    }
    const auto again = read_back(files, 20);
    ASSERT_EQ(again.size(), 20U);
    for (std::size_t i = 0; i < again.size(); ++i) EXPECT_EQ(again[i].offset, i + 1);
}

TEST_P(Disk, that_cannot_open_a_new_segment_is_asked_again) {
    FaultFiles files;
    Journal journal(small(GetParam()), files);
    Listener listener(journal);
    files.set({.opens_fail = true});
    Story story;
    publish(journal, story.call(0, 1));
    files.set({});
    EXPECT_EQ(listener.wait_for(10).size(), 10U);
}

INSTANTIATE_TEST_SUITE_P(Syncs, Disk,
                         ::testing::Values(Milliseconds{0}, Milliseconds{2}, Milliseconds{60'000}),
                         [](const auto& run) { return std::to_string(run.param.count()) + "_ms"; });

// After any power cut the journal holds a first part of what was published, and recovery closes what is open.
TEST(PowerCut, leaves_a_first_part_and_every_call_is_closed) {
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        FaultFiles files;
        std::unique_ptr<FaultFiles> left;
        std::mt19937 random(seed);
        Story story;
        for (std::uint64_t n = 1; n <= 40; ++n) story.begin(static_cast<std::int64_t>(n), n);
        {
            Journal journal(small(Milliseconds{60'000}), files);
            Listener listener(journal);
            publish(journal, story);
            listener.wait_for(random() % 280);
            left = files.after_power_cut(seed);
        }
        SystemClock clock;
        Journal journal(small(Milliseconds{0}), *left);
        const auto kept = journal.newest();
        const auto done = recover(journal, clock);
        Listener listener(journal);
        const auto heard = listener.wait_for(kept + done.legs + done.calls);
        ASSERT_EQ(heard.size(), kept + done.legs + done.calls) << "seed " << seed;
        OpenCalls open;
        for (std::size_t i = 0; i < heard.size(); ++i) {
            if (i < kept) {
                EXPECT_EQ(heard[i].offset, i + 1) << "seed " << seed;
            }
            open.apply(heard[i]);
        }
        EXPECT_TRUE(open.legs().empty() && open.calls().empty()) << "seed " << seed;
    }
}

TEST(Damage, within_the_newest_segment_cuts_it_off_there) {
    FaultFiles files;
    Story story;
    story.call(0, 1).call(0, 2);
    {
        Journal journal(small(Milliseconds{0}), files);
        Listener listener(journal);
        publish(journal, story);
        listener.wait_for(20);
    }
    auto [path, bytes] = *files.contents().begin();
    const auto fifteenth = bytes.find("{\"o\":15,");
    bytes[fifteenth + 30] ^= 1;
    files.set_content(path, bytes);
    EXPECT_EQ(read_back(files, 14).size(), 14U);
    EXPECT_LT(files.contents().begin()->second.size(), bytes.size());
}

TEST(Damage, in_an_older_segment_costs_that_record_alone) {
    FaultFiles files;
    Story story;
    for (std::uint64_t n = 1; n <= 60; ++n) story.call(0, n);
    {
        Journal journal(small(Milliseconds{0}), files);
        Listener listener(journal);
        publish(journal, story);
        listener.wait_for(600);
        Story later;
        publish(journal, later.call(0, 100));  // in the next segment
        listener.wait_for(610);
    }
    auto [path, bytes] = *files.contents().begin();
    bytes[bytes.find("{\"o\":15,") + 30] ^= 1;
    files.set_content(path, bytes);
    const auto heard = read_back(files, 609);
    ASSERT_EQ(heard.size(), 609U);
    EXPECT_EQ(heard[13].offset, 14U);
    EXPECT_EQ(heard[14].offset, 16U);
}

}  // namespace
}  // namespace patchbay::journal
