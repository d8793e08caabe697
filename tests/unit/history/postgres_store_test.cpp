// What is PostgreSQL's own; store_test.cpp holds what every store must do.
#include "history/postgres_store.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "former.hpp"
#include "history/history.hpp"
#include "history/query_sql.hpp"
#include "journal/journal.hpp"
#include "postgres_server.hpp"
#include "records.hpp"
#include "support/wait.hpp"
#include "temporary_folder.hpp"
#include "unit/journal/event_makers.hpp"

namespace patchbay::history {
namespace {

using testing::PostgresServer;

struct PostgresStoreTest : ::testing::Test {
    PostgresServer& server = PostgresServer::instance();
    std::string url = server.new_database();

    static std::size_t records_in(Store& store) {
        const auto page = store.query({.domain = "demo.local", .limit = 10'000});
        EXPECT_TRUE(page) << page.error().text;
        return page ? page->records.size() : 0;
    }
};

std::size_t count_of(std::string_view what, const std::string& text) {
    std::size_t count = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
}

// The planner is only right when it walks: nothing sorted, nothing scanned, each side's walk ended by itself;
// to a far page in the indices alone.
TEST_F(PostgresStoreTest, no_filter_sorts_or_scans) {
    PostgresStore store(url, "node1");
    std::vector<Cdr> records;
    for (std::uint64_t leg = 1; leg <= 2000; ++leg) {
        records.push_back(record(leg));
        records.back().started = day(leg % 150);
    }
    ASSERT_TRUE(store.write(records, 1));
    server.run(url, "VACUUM ANALYZE");
    auto reader = PostgresConnection::open(
        url,
        "SET search_path=patchbay; SET enable_seqscan=off; SET enable_bitmapscan=off; SET enable_sort=off;"
        "SET enable_hashagg=off; SET plan_cache_mode=force_generic_plan");
    ASSERT_TRUE(reader);
    int number = 0;
    const auto plan_of = [&](const std::string& sql, const std::string& values) {
        const auto name = "q" + std::to_string(++number);
        const auto prepared = (*reader)->run("PREPARE " + name + " AS " + sql);
        EXPECT_TRUE(prepared) << prepared.error().text << "\n" << sql;
        std::string text;
        auto lines = (*reader)->ask("EXPLAIN EXECUTE " + name + "(" + values + ")", {});
        EXPECT_TRUE(lines) << lines.error().text;
        while (lines && lines->next()) text += lines->text(0) + "\n";
        return text;
    };
    const auto plan = [&](const Filter& filter) {
        const auto sql = query_sql(filter, Dialect::postgres, 1);
        // The domain's number, then a time in one of the months for each, so that not all are left out.
        std::string values = "1";
        for (std::size_t at = 1; at < sql.values.size(); ++at) values += ",'1705000000000'";
        return plan_of(sql.text, values);
    };
    const Cursor cursor{second(1), LegId{1}};
    for (auto filter :
         {Filter{}, Filter{.operator_id = "x"}, Filter{.number = "x"}, Filter{.from_number = "x"},
          Filter{.to_number = "x"}, Filter{.group = "x"}, Filter{.group_a = "x"}, Filter{.group_b = "x"},
          Filter{.agent = "x"}, Filter{.agent_a = "x"}, Filter{.agent_b = "x"}, Filter{.display_name = "x"},
          Filter{.display_name_a = "x"}, Filter{.display_name_b = "x"},
          Filter{.direction = call::Direction::in}, Filter{.shown = true},
          Filter{.group = "x", .shown = true}, Filter{.from = second(1), .number = "x", .after = cursor},
          Filter{.after = cursor}}) {
        const auto near = plan(filter);
        EXPECT_EQ(count_of("Sort (", near), 0U) << near;
        EXPECT_EQ(count_of("Seq Scan on cdr", near), 0U) << near;
        filter.offset = 100;
        const auto far = plan(filter);
        EXPECT_EQ(count_of("Sort (", far), 0U) << far;
        EXPECT_EQ(count_of("Seq Scan on cdr", far), 0U) << far;
        EXPECT_EQ(count_of("Unique", far), 0U) << far;
        EXPECT_NE(count_of("Index Only Scan", far), 0U) << far;
        EXPECT_EQ(count_of("Index Only Scan", far), count_of("Scan", far)) << far;
    }
}

TEST_F(PostgresStoreTest, nodes_keep_their_own_offsets_and_start_together) {
    std::vector<std::thread> starting;
    for (int node = 0; node < 4; ++node) {
        starting.emplace_back([this, node] {
            PostgresStore store(url, "node" + std::to_string(node));
            auto cdr = record(static_cast<std::uint64_t>(node) + 1);
            EXPECT_TRUE(store.write(std::span(&cdr, 1), static_cast<std::uint64_t>(node) + 10));
        });
    }
    for (auto& thread : starting) thread.join();
    PostgresStore store(url, "node2");
    EXPECT_EQ(store.journal_offset().value(), 12U);
    EXPECT_EQ(records_in(store), 4U);
}

// The column as versions 3 and 4 had it.
constexpr std::string_view generated_operator =
    "ALTER TABLE cdr DROP COLUMN own_operator;"
    "ALTER TABLE cdr ADD COLUMN own_operator text COLLATE \"C\" GENERATED ALWAYS AS (CASE WHEN id & 4 <> 0 "
    "THEN "
    "a_operator ELSE b_operator END) STORED;"
    "CREATE INDEX by_own_operator ON cdr (domain, own_operator, started, id) WHERE own_operator <> '';";

// What version 3 kept of side b: one index for each value.
TEST_F(PostgresStoreTest, a_database_whose_side_b_has_one_index_is_brought_up_to_date) {
    std::vector<Cdr> records{record(1), record(2)};
    records[1].remote_number = records[1].number;
    {
        PostgresStore store(url, "node1");
        ASSERT_TRUE(store.write(records, 1));
    }
    server.run(url,
               "SET search_path=patchbay; UPDATE version SET version=3;" + std::string(generated_operator));
    for (const std::string value : {"number", "name", "operator", "group"}) {
        server.run(url, "SET search_path=patchbay; DROP INDEX by_b_" + value + ", by_both_" + value +
                            "; CREATE INDEX by_b_" + value + " ON cdr (domain, b_" + value +
                            ", started, id) WHERE b_" + value + " <> ''");
    }
    PostgresStore store(url, "node1");
    server.run(url, "DROP INDEX patchbay.by_b_number, patchbay.by_both_group");
    const auto found = store.query({.domain = "demo.local", .number = records[1].number});
    ASSERT_TRUE(found) << found.error().text;
    EXPECT_EQ(found->records.size(), 2U);
}

// What version 4 had: own_operator was generated, and the bit 2 of an id said that the leg supervised.
TEST_F(PostgresStoreTest, a_database_that_shows_called_parties_alone_is_brought_up_to_date) {
    {
        PostgresStore store(url, "node1");
        ASSERT_TRUE(store.write(former_records(), 1));
    }
    server.run(url, "SET search_path=patchbay; UPDATE version SET version=4;" +
                        std::string(generated_operator) + std::string(former_kinds));
    PostgresStore store(url, "node1");
    expect_brought_up_to_date(store);
}

TEST_F(PostgresStoreTest, a_database_of_a_later_version_is_not_touched) {
    { PostgresStore store(url, "node1"); }
    server.run(url, "UPDATE patchbay.version SET version=99");
    EXPECT_THROW(PostgresStore(url, "node1"), std::runtime_error);
    EXPECT_THROW(PostgresStore(server.url("no_such_database"), "node1"), std::runtime_error);
}

TEST_F(PostgresStoreTest, connections_that_broke_are_made_anew) {
    PostgresStore store(url, "node1");
    auto first = record(1), second = record(2), third = record(3);
    ASSERT_TRUE(store.write(std::span(&first, 1), 1));
    EXPECT_EQ(records_in(store), 1U);
    server.stop();
    EXPECT_EQ(store.write(std::span(&second, 1), 2).error().code, "store_away");
    EXPECT_EQ(store.query({.domain = "demo.local"}).error().code, "store_away");
    PostgresStore begun_without(url, "node1");
    EXPECT_FALSE(begun_without.journal_offset());
    server.start();
    EXPECT_EQ(records_in(store), 1U);
    EXPECT_TRUE(store.write(std::span(&second, 1), 2));
    EXPECT_TRUE(begun_without.write(std::span(&third, 1), 3));
    server.run(url,
               "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name='patchbay'");
    EXPECT_EQ(records_in(store), 3U) << "a broken idle connection costs no query";
}

TEST_F(PostgresStoreTest, history_loses_nothing_while_the_server_is_away) {
    testing::TemporaryFolder folder;
    journal::Options options;
    options.folder = folder.file("journal");
    journal::Journal journal(options);
    PostgresStore store(url, "node1");
    HistoryOptions quick;
    quick.batch_interval = quick.busy_interval = Milliseconds{1};
    quick.retry = Milliseconds{10};
    quick.most_waiting = 200;  // so that most of it waits on disk
    const History history(store, journal, quick);
    const auto publish = [&](std::uint64_t first, std::uint64_t last) {
        for (auto n = first; n <= last; ++n) {
            testing::Story story;
            story.call(static_cast<std::int64_t>(n), n);
            for (const auto& event : story.events) journal.publish(event);
        }
    };
    publish(1, 50);
    ASSERT_TRUE(support::becomes_true([&] { return history.complete_to() == 500; }));
    server.stop();
    publish(51, 100);
    ASSERT_TRUE(support::becomes_true([&] { return !history.keeping_up(); }));
    publish(101, 1000);
    server.start();
    ASSERT_TRUE(
        support::becomes_true([&] { return history.complete_to() == 10'000 && history.keeping_up(); }));
    EXPECT_EQ(records_in(store), 2000U);
}

TEST_F(PostgresStoreTest, says_which_error_no_further_try_mends) {
    PostgresStore store(url, "node1");
    std::vector<Cdr> records{record(1), record(2), record(3)};
    auto quality = *records[1].quality;
    quality.round_trip = Milliseconds{1LL << 40};
    records[1].quality = std::make_shared<call::Quality>(quality);
    const auto refused = store.write(records, 5);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "bad_record") << refused.error().text;
    EXPECT_EQ(records_in(store), 0U);
    records[1] = record(2);
    records[1].number = std::string("1\0 2\xff", 5);
    EXPECT_TRUE(store.write(records, 5));
    EXPECT_EQ(records_in(store), 3U);
}

}  // namespace
}  // namespace patchbay::history
