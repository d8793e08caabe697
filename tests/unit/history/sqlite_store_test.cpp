// What is SQLite's own; store_test.cpp holds what every store must do.
#include "history/sqlite_store.hpp"

#include <gtest/gtest.h>

#include "former.hpp"
#include "history/query_sql.hpp"
#include "history/sqlite.hpp"
#include "records.hpp"
#include "temporary_folder.hpp"

namespace patchbay::history {
namespace {

struct SqliteStoreTest : ::testing::Test {
    testing::TemporaryFolder folder;
    std::string path = folder.file("history.db");
    SqliteStore store{path};
};

TEST_F(SqliteStoreTest, no_filter_sorts_or_scans) {
    auto opened = Database::open(path, Database::Mode::read);
    ASSERT_TRUE(opened);
    const auto plan = [&](const Filter& filter) {
        const auto sql = query_sql(filter, Dialect::sqlite, 1);
        std::string text;
        auto statement = (*opened)->prepared("EXPLAIN QUERY PLAN " + sql.text);
        EXPECT_TRUE(statement) << statement.error().text << sql.text;
        if (statement)
            for (auto row = (*statement)->step(); row && *row; row = (*statement)->step())
                text += (*statement)->text(3) + "\n";
        return text;
    };
    const Cursor cursor{second(1), LegId{1}};
    for (const auto& filter :
         {Filter{}, Filter{.operator_id = "x"}, Filter{.number = "x"}, Filter{.from_number = "x"},
          Filter{.to_number = "x"}, Filter{.group = "x"}, Filter{.group_a = "x"}, Filter{.group_b = "x"},
          Filter{.agent = "x"}, Filter{.agent_a = "x"}, Filter{.agent_b = "x"}, Filter{.display_name = "x"},
          Filter{.display_name_a = "x"}, Filter{.display_name_b = "x"}, Filter{.shown = true},
          Filter{.group = "x", .shown = true}, Filter{.from = second(1), .number = "x", .after = cursor},
          Filter{.after = cursor}}) {
        const auto text = plan(filter);
        EXPECT_EQ(text.find("SCAN cdr"), std::string::npos) << text;
        // The page itself, at most a limit of records, is put in order at the end; nothing before it is.
        EXPECT_EQ(text.find("TEMP B-TREE"), text.rfind("TEMP B-TREE")) << text;
        EXPECT_NE(text.find("COVERING INDEX"), std::string::npos) << text;
    }
}

TEST_F(SqliteStoreTest, a_locked_database_is_an_error_and_takes_the_records_later) {
    auto other = Database::open(path, Database::Mode::write);
    ASSERT_TRUE(other);
    ASSERT_TRUE((*other)->run("BEGIN IMMEDIATE"));
    auto cdr = record(1);
    const auto refused = store.write(std::span(&cdr, 1), 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "store_busy");
    ASSERT_TRUE((*other)->run("ROLLBACK"));
    EXPECT_TRUE(store.write(std::span(&cdr, 1), 1));
    EXPECT_EQ(store.query({.domain = "demo.local"})->records.size(), 1U);
}

// What version 4 had: the bit 2 of an id said that the leg supervised.
TEST_F(SqliteStoreTest, a_database_that_shows_called_parties_alone_is_brought_up_to_date) {
    ASSERT_TRUE(store.write(former_records(), 1));
    {
        auto other = Database::open(path, Database::Mode::write);
        ASSERT_TRUE((*other)->run("PRAGMA user_version=4; UPDATE cdr SET own_operator='101' WHERE role<>0;" +
                                  std::string(former_kinds)));
    }
    SqliteStore again(path);
    expect_brought_up_to_date(again);
}

TEST_F(SqliteStoreTest, a_database_of_a_later_version_is_not_touched) {
    {
        auto other = Database::open(path, Database::Mode::write);
        ASSERT_TRUE((*other)->run("PRAGMA user_version=99"));
    }
    EXPECT_THROW(SqliteStore{path}, std::runtime_error);
}

}  // namespace
}  // namespace patchbay::history
