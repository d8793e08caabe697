// The eleven calls of the documented operator_call_history answer, from their events to the queried records.
#include <gtest/gtest.h>

#include "documented_calls.hpp"
#include "history/sqlite_store.hpp"
#include "temporary_folder.hpp"

namespace patchbay::history {
namespace {

TEST(DocumentedHistory, comes_out_of_the_events_of_its_calls) {
    testing::TemporaryFolder folder;
    SqliteStore store(folder.file("history.db"));
    ASSERT_TRUE(write_documented(store));

    Filter filter;
    filter.domain = "demo.local";
    filter.operator_id = "102";
    const auto page = store.query(filter);
    ASSERT_TRUE(page) << page.error().text;
    const auto& documented = documented_calls();
    ASSERT_EQ(page->records.size(), documented.size());
    EXPECT_FALSE(page->more);
    for (std::size_t at = 0; at < documented.size(); ++at) {
        const auto& cdr = page->records[at];
        const auto& wanted = documented[at];
        EXPECT_EQ(cdr.call.text(), std::to_string(wanted.call_ref));
        EXPECT_EQ(cdr.number, "102");
        EXPECT_EQ(cdr.remote_number, "101");
        EXPECT_EQ(cdr.display_name, "");
        EXPECT_EQ(cdr.remote_display_name, "................ 1");
        EXPECT_EQ(cdr.remote_operator_id, "");
        EXPECT_EQ(cdr.queue_id, "");
        EXPECT_EQ(cdr.direction, wanted.direction);
        EXPECT_EQ(cdr.released_by, wanted.released_by) << at;
        EXPECT_EQ(date_time(cdr.started, '/'), "2020/12/10 " + wanted.start);
        EXPECT_EQ(date_time(cdr.released, '/'), "2020/12/10 " + wanted.release);
        EXPECT_EQ(cdr.is_answered() ? date_time(cdr.answered, '/') : "",
                  wanted.answer.empty() ? "" : "2020/12/10 " + wanted.answer);
        EXPECT_EQ(cdr.total().count(), wanted.total) << at;
        EXPECT_EQ(cdr.waiting().count(), wanted.waiting) << at;
        EXPECT_EQ(cdr.talk().count(), wanted.talk) << at;
        EXPECT_EQ(cdr.duration().count(), wanted.duration) << at;
    }
}

}  // namespace
}  // namespace patchbay::history
