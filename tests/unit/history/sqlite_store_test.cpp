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

// The tables of version 1, as that version made them, with a call that operator 101 took and one that 101
// made.
constexpr const char* first_version = R"sql(
CREATE TABLE domain (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE progress (id INTEGER PRIMARY KEY CHECK (id = 1), journal_offset INTEGER NOT NULL);
CREATE TABLE cdr (
    id INTEGER PRIMARY KEY, domain INTEGER NOT NULL, call INTEGER NOT NULL,
    started INTEGER NOT NULL, answered INTEGER NOT NULL, released INTEGER NOT NULL, held INTEGER NOT NULL,
    role INTEGER NOT NULL, released_by INTEGER NOT NULL, sip INTEGER NOT NULL, cause TEXT NOT NULL,
    a_number TEXT NOT NULL, a_name TEXT NOT NULL, a_operator TEXT NOT NULL, a_group TEXT NOT NULL,
    b_number TEXT NOT NULL, b_name TEXT NOT NULL, b_operator TEXT NOT NULL, b_group TEXT NOT NULL,
    called_number TEXT NOT NULL, called_did TEXT NOT NULL, trunk TEXT NOT NULL, queue TEXT NOT NULL,
    urls TEXT NOT NULL);
CREATE INDEX by_start ON cdr (domain, started);
CREATE INDEX by_a_number ON cdr (domain, a_number, started) WHERE a_number <> '';
CREATE INDEX by_b_number ON cdr (domain, b_number, started) WHERE b_number <> '';
CREATE INDEX by_a_name ON cdr (domain, a_name, started) WHERE a_name <> '';
CREATE INDEX by_b_name ON cdr (domain, b_name, started) WHERE b_name <> '';
CREATE INDEX by_a_operator ON cdr (domain, a_operator, started) WHERE a_operator <> '';
CREATE INDEX by_b_operator ON cdr (domain, b_operator, started) WHERE b_operator <> '';
CREATE INDEX by_a_group ON cdr (domain, a_group, started) WHERE a_group <> '';
CREATE INDEX by_b_group ON cdr (domain, b_group, started) WHERE b_group <> '';
INSERT INTO domain VALUES (1, 'demo.local');
INSERT INTO progress VALUES (1, 7);
INSERT INTO cdr VALUES (1 << 3 | 1, 1, 11, 1700000001000, 1700000002234, 1700000006678, 77, 0, 1, 200, 'hung_up',
    '+7383', 'Customer', '', '', '101', 'Anna', '101', 'sales', '101', 'did', 'provider', '', 'https://a/1.wav');
INSERT INTO cdr VALUES (2 << 3 | 1 | 4, 1, 12, 1700000003000, 0, 1700000004000, 0, 0, 0, 486, 'busy',
    '101', 'Anna', '101', 'sales', '102', 'Boris', '102', 'sales', '102', '', '', '', '');
PRAGMA user_version = 1;
)sql";

TEST_F(SqliteStoreTest, a_database_of_the_first_version_is_brought_up_to_date_with_its_records) {
    const auto old = folder.file("old.db");
    {
        auto made = Database::open(old, Database::Mode::write);
        ASSERT_TRUE(made);
        ASSERT_TRUE((*made)->run(first_version));
    }
    SqliteStore opened(old);
    EXPECT_EQ(opened.journal_offset().value(), 7U);
    const auto found = opened.query({.domain = "demo.local", .operator_id = "101", .skip_incomplete = false});
    ASSERT_TRUE(found) << found.error().text;
    ASSERT_EQ(found->records.size(), 2U);
    const auto& made = found->records[0];
    const auto& taken = found->records[1];
    EXPECT_EQ(taken.leg, LegId{1});
    EXPECT_EQ(taken.call, CallRef{11});
    EXPECT_EQ(taken.direction, call::Direction::in);
    EXPECT_EQ(taken.number + taken.display_name + taken.operator_id + taken.group, "101Anna101sales");
    EXPECT_EQ(taken.remote_number + taken.remote_display_name, "+7383Customer");
    EXPECT_EQ(taken.called_number + taken.called_did + taken.trunk, "101didprovider");
    EXPECT_EQ(taken.started, second(1));
    EXPECT_EQ(taken.answered, second(1) + Milliseconds{1234});
    EXPECT_EQ(taken.released, second(1) + Milliseconds{5678});
    EXPECT_EQ(taken.held, Milliseconds{77});
    EXPECT_EQ(taken.released_by, ReleasedBy::b);
    EXPECT_EQ(taken.urls, std::vector<std::string>{"https://a/1.wav"});
    EXPECT_TRUE(taken.rang && taken.shown && !taken.quality);
    EXPECT_EQ(taken.distributed, Time{});
    EXPECT_EQ(made.leg, LegId{2});
    EXPECT_EQ(made.direction, call::Direction::out);
    EXPECT_EQ(made.number + made.operator_id + made.remote_operator_id, "101101102");
    EXPECT_EQ(made.cause + std::to_string(made.sip), "busy486");
    EXPECT_TRUE(!made.is_answered() && !made.shown);
    // It takes records of today beside them.
    auto added = record(3);
    ASSERT_TRUE(opened.write(std::span(&added, 1), 8));
    EXPECT_EQ(opened.query({.domain = "demo.local", .operator_id = "101"})->records.size(), 3U);
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
