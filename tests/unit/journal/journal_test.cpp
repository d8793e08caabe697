#include "journal/journal.hpp"

#include <filesystem>
#include <utility>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "event_makers.hpp"
#include "fault_files.hpp"
#include "listener.hpp"

namespace patchbay::journal {
namespace {

using testing::FaultFiles;
using testing::Listener;
using testing::small;
using testing::Story;

// Publishes so that each part can get a segment of its own: a group is never split.
void publish_in_parts(Journal& journal, const Story& story, Listener& listener, std::size_t heard) {
    for (const auto& event : story.events) {
        journal.publish(event);
        if (++heard % 100 == 0) listener.wait_for(heard);
    }
    listener.wait_for(heard);
}

Story calls(std::uint64_t count, std::uint64_t first = 1) {
    Story story;
    for (auto n = first; n < first + count; ++n) story.call(static_cast<std::int64_t>(n) * 10, n);
    return story;
}

void expect_same(const std::vector<call::Event>& heard, const Story& story) {
    ASSERT_EQ(heard.size(), story.events.size());
    for (std::size_t i = 0; i < heard.size(); ++i) {
        EXPECT_EQ(heard[i].call, story.events[i].call) << i;
        EXPECT_EQ(heard[i].sequence, story.events[i].sequence) << i;
        EXPECT_EQ(heard[i].body.index(), story.events[i].body.index()) << i;
        if (i > 0) {
            EXPECT_GT(heard[i].offset, heard[i - 1].offset) << i;
        }
    }
}

TEST(Journal, events_are_heard_in_order_with_offsets_from_one) {
    FaultFiles files;
    Journal journal(small(), files);
    Listener listener(journal);
    const auto story = calls(3);
    publish(journal, story);
    const auto heard = listener.wait_for(story.events.size());
    expect_same(heard, story);
    EXPECT_EQ(heard.front().offset, 1U);
    EXPECT_EQ(heard.back().offset, story.events.size());
    EXPECT_EQ(journal.newest(), story.events.size());
    EXPECT_EQ(journal.oldest(), 1U);
}

TEST(Journal, nobody_hears_of_an_event_that_a_power_cut_could_cost_when_sync_is_zero) {
    FaultFiles files;
    std::unique_ptr<FaultFiles> left;
    Story story = calls(20);
    {
        Journal journal(small(), files);
        Listener listener(journal);
        publish(journal, story);
        ASSERT_EQ(listener.wait_for(story.events.size()).size(), story.events.size());
        left = files.after_power_cut(1);
    }
    Journal again(small(), *left);
    Listener listener(again);
    expect_same(listener.wait_for(story.events.size()), story);
}

TEST(Journal, a_later_subscriber_hears_everything_from_disk_and_then_live) {
    FaultFiles files;
    Journal journal(small(), files);
    auto story = calls(300);
    Listener first(journal);
    publish_in_parts(journal, story, first, 0);
    Listener later(journal);
    for (std::uint64_t n = 1000; n < 1100; ++n) {
        Story more;
        more.call(static_cast<std::int64_t>(n) * 10, n);
        publish(journal, more);
        for (const auto& event : more.events) story.events.push_back(event);
    }
    expect_same(later.wait_for(story.events.size()), story);
    expect_same(first.wait_for(story.events.size()), story);
    EXPECT_GT(files.contents().size(), 5U) << "the story should have filled several segments";
}

TEST(Journal, a_subscriber_resumes_after_any_offset) {
    FaultFiles files;
    Journal journal(small(), files);
    const auto story = calls(60);
    publish(journal, story);
    Listener whole(journal);
    const auto all = whole.wait_for(story.events.size());
    for (const std::size_t after : {0U, 1U, 57U, 333U, 599U}) {
        Listener resumed(journal, all[after].offset);
        const auto heard = resumed.wait_for(all.size() - after - 1);
        ASSERT_EQ(heard.size(), all.size() - after - 1);
        if (!heard.empty()) {
            EXPECT_EQ(heard.front().offset, all[after].offset + 1);
        }
    }
}

TEST(Journal, an_ended_subscription_hears_nothing_more) {
    FaultFiles files;
    Journal journal(small(), files);
    Listener stays(journal);
    std::size_t heard = 0;
    auto subscription =
        journal.subscribe(0, [&](std::span<const call::Event> events) { heard += events.size(); });
    publish(journal, calls(1));
    stays.wait_for(10);
    subscription.reset();
    const auto before = heard;
    publish(journal, calls(1, 2));
    stays.wait_for(20);
    EXPECT_EQ(heard, before);
}

TEST(Journal, a_subscriber_may_end_its_own_subscription) {
    FaultFiles files;
    Journal journal(small(), files);
    Listener stays(journal);
    std::size_t groups = 0;
    std::unique_ptr<Subscription> subscription;
    std::mutex mutex;
    {
        const std::scoped_lock lock(mutex);
        subscription = journal.subscribe(0, [&](std::span<const call::Event>) {
            const std::scoped_lock inner(mutex);
            ++groups;
            subscription.reset();
        });
    }
    publish(journal, calls(1));
    stays.wait_for(10);
    publish(journal, calls(1, 2));
    stays.wait_for(20);
    const std::scoped_lock lock(mutex);
    EXPECT_EQ(groups, 1U);
}

TEST(Journal, offsets_rise_over_restarts_and_are_never_given_twice) {
    auto files = std::make_unique<FaultFiles>();
    std::uint64_t newest = 0;
    for (std::uint64_t run = 0; run < 5; ++run) {
        auto journal = std::make_unique<Journal>(small(Milliseconds{60'000}), *files);
        Listener listener(*journal, newest);
        publish(*journal, calls(2, 1 + 10 * run));
        const auto heard = listener.wait_for(20);
        ASSERT_EQ(heard.size(), 20U);
        EXPECT_GT(heard.front().offset, newest);
        newest = heard.back().offset;
        auto left = files->after_power_cut(static_cast<std::uint32_t>(run));
        journal.reset();
        files = std::move(left);
    }
}

TEST(Journal, old_segments_go_but_not_those_that_an_open_call_needs) {
    FaultFiles files;
    auto options = small();
    options.retention = Seconds{3600};
    Journal journal(options, files);
    Listener listener(journal);
    publish_in_parts(journal, calls(100), listener, 0);
    Story open;
    open.begin(1000, 5000);
    publish_in_parts(journal, open, listener, 1000);
    Story late;
    for (std::uint64_t n = 6000; n < 6100; ++n) late.call(2LL * 3600 * 1000, n);
    publish_in_parts(journal, late, listener, 1007);
    EXPECT_LE(journal.oldest(), 1001U) << "the open call's first event is needed";
    EXPECT_GT(journal.oldest(), 1U) << "older segments are not";
    Story end;
    end.add(2LL * 3600 * 1000, CallRef{5000}, LegId{10000}, call::LegState::ended, call::LegEnded{});
    end.add(2LL * 3600 * 1000, CallRef{5000}, LegId{10001}, call::LegState::ended, call::LegEnded{});
    end.add(2LL * 3600 * 1000, CallRef{5000}, {}, call::LegState::idle, call::CallEnded{});
    for (std::uint64_t n = 7000; n < 7100; ++n) end.call(2LL * 3600 * 1000, n);
    publish_in_parts(journal, end, listener, 2007);
    EXPECT_GT(journal.oldest(), 1001U);
}

// The file's length, and what it takes of the disk.
std::pair<off_t, off_t> sizes(const std::filesystem::path& file) {
    struct stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0);
    return {status.st_size, status.st_blocks * 512};
}

std::filesystem::path only_segment(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().filename() != "lock") return entry.path();
    return {};
}

TEST(Journal, room_for_what_comes_is_set_aside_and_given_back) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("patchbay_room_" + std::to_string(getpid()));
    auto options = small(Milliseconds{10});
    options.folder = folder.string();
    const auto story = calls(1);
    {
        Journal journal(options, disk_files());
        Listener listener(journal);
        publish(journal, story);
        listener.wait_for(story.events.size());
        const auto [length, taken] = sizes(only_segment(folder));
        EXPECT_LT(length, 100'000);
        EXPECT_GE(taken, 4'000'000);
    }
    const auto [length, taken] = sizes(only_segment(folder));
    EXPECT_GT(length, 0);
    EXPECT_LT(taken, 100'000);
    std::filesystem::remove_all(folder);
}

TEST(Journal, one_folder_serves_one_process) {
    FaultFiles files;
    Journal journal(small(), files);
    EXPECT_THROW(Journal(small(), files), std::runtime_error);
}

TEST(Journal, says_full_while_too_much_waits) {
    FaultFiles files;
    auto options = small();
    options.full_at = 5;
    Journal journal(options, files);
    Listener listener(journal);
    publish(journal, calls(1));
    listener.wait_for(10);
    EXPECT_FALSE(journal.full());
    files.set({.room = 0});
    publish(journal, calls(2, 2));
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    publish(journal, calls(2, 4));
    while (!journal.full() && std::chrono::steady_clock::now() < limit) publish(journal, calls(1, 100));
    EXPECT_TRUE(journal.full());
}

}  // namespace
}  // namespace patchbay::journal
