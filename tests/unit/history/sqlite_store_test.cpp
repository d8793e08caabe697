#include "history/sqlite_store.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "history/query_sql.hpp"
#include "history/schema.hpp"
#include "history/sqlite.hpp"
#include "temporary_folder.hpp"

namespace patchbay::history {
namespace {

using call::Direction;
using call::Role;

Time second(std::int64_t count) {
    return Time{Seconds{1'700'000'000 + count}};
}

Cdr record(std::uint64_t leg) {
    Cdr cdr;
    cdr.leg = LegId{leg};
    cdr.call = CallRef{~leg};
    cdr.domain = "demo.local";
    cdr.direction = Direction::out;
    cdr.number = "101";
    cdr.display_name = "Анна";
    cdr.operator_id = "101";
    cdr.group = "sales";
    cdr.remote_number = "+7383";
    cdr.remote_display_name = "Customer";
    cdr.remote_operator_id = "ro";
    cdr.remote_group = "rg";
    cdr.called_number = "9";
    cdr.called_did = "did";
    cdr.trunk = "provider";
    cdr.queue_id = "q";
    cdr.started = second(static_cast<std::int64_t>(leg));
    cdr.answered = cdr.started + Milliseconds{1234};
    cdr.released = cdr.started + Milliseconds{5678};
    cdr.released_by = ReleasedBy::b;
    cdr.cause = "hung_up";
    cdr.sip = 200;
    cdr.held = Milliseconds{77};
    cdr.rang = true;
    cdr.urls = {"https://a/1.wav", "https://a/2.wav"};
    cdr.quality = std::make_shared<call::Quality>(
        call::Quality{"PCMA", 250, 251, 3, 4, Milliseconds{5}, Milliseconds{21}, 4.37});
    return cdr;
}

struct SqliteStoreTest : ::testing::Test {
    testing::TemporaryFolder folder;
    std::string path = folder.file("history.db");
    SqliteStore store{path};

    std::vector<std::uint64_t> legs(Filter filter) {
        filter.domain = "demo.local";
        const auto page = store.query(filter);
        EXPECT_TRUE(page) << page.error().text;
        std::vector<std::uint64_t> found;
        if (page)
            for (const auto& cdr : page->records) found.push_back(cdr.leg.value);
        return found;
    }
};

TEST_F(SqliteStoreTest, a_record_comes_back_whole_from_either_side) {
    for (const auto direction : {Direction::out, Direction::in}) {
        auto written = record(direction == Direction::out ? 1 : 2);
        written.direction = direction;
        written.role = Role::talker;
        ASSERT_TRUE(store.write(std::span(&written, 1), 5));
        Filter filter;
        filter.domain = "DEMO.local";
        const auto page = store.query(filter);
        ASSERT_TRUE(page);
        const auto& read = page->records.front();
        EXPECT_EQ(read.leg, written.leg);
        EXPECT_EQ(read.call, written.call);
        EXPECT_EQ(read.direction, direction);
        EXPECT_EQ(read.number, "101");
        EXPECT_EQ(read.display_name, "Анна");
        EXPECT_EQ(read.operator_id, "101");
        EXPECT_EQ(read.group, "sales");
        EXPECT_EQ(read.remote_number, "+7383");
        EXPECT_EQ(read.remote_display_name, "Customer");
        EXPECT_EQ(read.remote_operator_id, "ro");
        EXPECT_EQ(read.remote_group, "rg");
        EXPECT_EQ(read.called_number, "9");
        EXPECT_EQ(read.called_did, "did");
        EXPECT_EQ(read.trunk, "provider");
        EXPECT_EQ(read.queue_id, "q");
        EXPECT_EQ(read.started, written.started);
        EXPECT_EQ(read.answered, written.answered);
        EXPECT_EQ(read.released, written.released);
        EXPECT_EQ(read.released_by, ReleasedBy::b);
        EXPECT_EQ(read.cause, "hung_up");
        EXPECT_EQ(read.sip, 200);
        EXPECT_EQ(read.held, Milliseconds{77});
        EXPECT_TRUE(read.rang);
        EXPECT_EQ(read.urls, written.urls);
        ASSERT_TRUE(read.quality);
        EXPECT_EQ(*read.quality, *written.quality);
    }
}

TEST_F(SqliteStoreTest, a_leg_is_written_once_and_the_offset_with_it) {
    auto first = record(1);
    ASSERT_TRUE(store.write(std::span(&first, 1), 7));
    auto again = record(1);
    again.cause = "cleared";
    again.rang = false;
    ASSERT_TRUE(store.write(std::span(&again, 1), 9));
    EXPECT_EQ(store.journal_offset(), 9U);
    const auto page = store.query({.domain = "demo.local"});
    ASSERT_EQ(page->records.size(), 1U);
    EXPECT_EQ(page->records[0].cause, "hung_up");
    SqliteStore reopened(path);
    EXPECT_EQ(reopened.journal_offset(), 9U);
}

TEST_F(SqliteStoreTest, newest_start_comes_first_then_highest_leg) {
    std::vector<Cdr> records{record(1), record(2), record(3)};
    records[0].started = second(9);
    records[1].direction = Direction::in;
    records[1].started = records[2].started = second(5);
    ASSERT_TRUE(store.write(records, 1));
    EXPECT_EQ(legs({}), (std::vector<std::uint64_t>{1, 3, 2}));
}

TEST_F(SqliteStoreTest, domains_do_not_see_each_other) {
    auto other = record(1);
    other.domain = "other.local";
    ASSERT_TRUE(store.write(std::span(&other, 1), 1));
    EXPECT_TRUE(legs({}).empty());
    EXPECT_EQ(store.query({.domain = "other.local"})->records.size(), 1U);
    EXPECT_TRUE(store.query({.domain = "unknown"})->records.empty());
}

TEST_F(SqliteStoreTest, legs_that_never_rang_and_supervisors_are_left_out_unless_asked_for) {
    std::vector<Cdr> records{record(1), record(2), record(3)};
    records[1].rang = false;
    records[2].role = Role::consultant;
    ASSERT_TRUE(store.write(records, 1));
    EXPECT_EQ(legs({}), (std::vector<std::uint64_t>{1}));
    EXPECT_EQ(legs({.skip_incomplete = false}), (std::vector<std::uint64_t>{2, 1}));
    EXPECT_EQ(legs({.skip_supervising = false}), (std::vector<std::uint64_t>{3, 1}));
}

// What a filter means, said in plain code.
bool matches(const Filter& filter, const Cdr& cdr) {
    const bool out = cdr.direction == Direction::out;
    const auto either = [](const std::string& wanted, const std::string& x, const std::string& y) {
        return wanted.empty() || wanted == x || wanted == y;
    };
    const auto sides = [&](const std::string& any, const std::string& a, const std::string& b,
                           const std::string& own, const std::string& other) {
        return either(any, own, other) && (a.empty() || a == (out ? own : other)) &&
               (b.empty() || b == (out ? other : own));
    };
    return (filter.operator_id.empty() || filter.operator_id == cdr.operator_id) &&
           (!filter.from || *filter.from <= cdr.started) && (!filter.to || cdr.started <= *filter.to) &&
           sides(filter.number, filter.from_number, filter.to_number, cdr.number, cdr.remote_number) &&
           sides(filter.group, filter.group_a, filter.group_b, cdr.group, cdr.remote_group) &&
           sides(filter.agent, filter.agent_a, filter.agent_b, cdr.operator_id, cdr.remote_operator_id) &&
           sides(filter.display_name, filter.display_name_a, filter.display_name_b, cdr.display_name,
                 cdr.remote_display_name) &&
           (!filter.direction || filter.direction == cdr.direction) &&
           (!filter.skip_incomplete || cdr.rang) && (!filter.skip_supervising || cdr.role == Role::talker);
}

TEST_F(SqliteStoreTest, any_filter_and_any_page_give_what_plain_code_gives) {
    std::mt19937 random(7);
    const auto few = [&](const char* prefix) {
        const auto n = random() % 4;
        return n == 0 ? std::string() : prefix + std::to_string(n);
    };
    std::vector<Cdr> records;
    for (std::uint64_t leg = 1; leg <= 600; ++leg) {
        auto cdr = record(leg);
        cdr.started = second(random() % 100);
        cdr.direction = random() % 2 == 0 ? Direction::out : Direction::in;
        cdr.role = random() % 5 == 0 ? Role::observer : Role::talker;
        cdr.rang = random() % 5 != 0;
        cdr.number = few("n"), cdr.remote_number = few("n");
        cdr.display_name = few("d"), cdr.remote_display_name = few("d");
        cdr.operator_id = few("o"), cdr.remote_operator_id = few("o");
        cdr.group = few("g"), cdr.remote_group = few("g");
        records.push_back(cdr);
    }
    ASSERT_TRUE(store.write(records, 1));
    std::ranges::sort(records, [](const Cdr& x, const Cdr& y) {
        return std::pair(x.started, x.leg) > std::pair(y.started, y.leg);
    });
    for (int round = 0; round < 400; ++round) {
        Filter filter;
        std::string* const texts[] = {&filter.operator_id,   &filter.number,       &filter.from_number,
                                      &filter.to_number,     &filter.group,        &filter.group_a,
                                      &filter.group_b,       &filter.agent,        &filter.agent_a,
                                      &filter.agent_b,       &filter.display_name, &filter.display_name_a,
                                      &filter.display_name_b};
        const char* const prefixes[] = {"o", "n", "n", "n", "g", "g", "g", "o", "o", "o", "d", "d", "d"};
        for (auto count = random() % 3; count > 0; --count) {
            const auto which = random() % 13;
            *texts[which] = prefixes[which] + std::to_string(1 + random() % 3);
        }
        if (random() % 3 == 0) filter.direction = random() % 2 == 0 ? Direction::in : Direction::out;
        if (random() % 3 == 0) filter.from = second(random() % 100);
        if (random() % 3 == 0) filter.to = second(random() % 100);
        filter.skip_incomplete = random() % 2 == 0;
        filter.skip_supervising = random() % 2 == 0;
        std::vector<std::uint64_t> wanted;
        for (const auto& cdr : records)
            if (matches(filter, cdr)) wanted.push_back(cdr.leg.value);

        filter.limit = static_cast<int>(1 + random() % 60);
        filter.domain = "demo.local";
        const bool by_offset = random() % 2 == 0;
        std::vector<std::uint64_t> got;
        for (bool more = true; more;) {
            const auto page = store.query(filter);
            ASSERT_TRUE(page) << page.error().text << "\n" << query_sql(filter, 1).text;
            ASSERT_LE(page->records.size(), static_cast<std::size_t>(filter.limit));
            for (const auto& cdr : page->records) got.push_back(cdr.leg.value);
            more = page->more;
            if (!more) break;
            if (by_offset) {
                filter.offset += filter.limit;
            } else {
                filter.after = Cursor{page->records.back().started, page->records.back().leg};
            }
        }
        ASSERT_EQ(got, wanted) << query_sql(filter, 1).text;
    }
}

TEST_F(SqliteStoreTest, no_filter_sorts_or_scans) {
    auto opened = Database::open(path, Database::Mode::read);
    ASSERT_TRUE(opened);
    const auto plan = [&](const Filter& filter) {
        const auto sql = query_sql(filter, 1);
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
          Filter{.display_name_a = "x"}, Filter{.display_name_b = "x"},
          Filter{.from = second(1), .number = "x", .after = cursor}, Filter{.after = cursor}}) {
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
    EXPECT_EQ(legs({}).size(), 1U);
}

TEST_F(SqliteStoreTest, a_database_of_a_later_version_is_not_touched) {
    {
        auto other = Database::open(path, Database::Mode::write);
        ASSERT_TRUE((*other)->run("PRAGMA user_version=99"));
    }
    EXPECT_THROW(SqliteStore{path}, std::runtime_error);
}

TEST_F(SqliteStoreTest, a_leg_id_without_a_place_does_not_stop_the_others) {
    std::vector<Cdr> records{record(~0ULL), record(1)};
    records[0].started = second(1);
    ASSERT_TRUE(store.write(records, 1));
    EXPECT_EQ(legs({}).size(), 1U);
}

TEST(OpenStore, takes_its_url_and_makes_the_folder) {
    testing::TemporaryFolder folder;
    EXPECT_TRUE(open_store("sqlite:" + folder.file("new/history.db"))->query({.domain = "x"}));
    EXPECT_THROW(open_store("oracle:x"), std::runtime_error);
}

}  // namespace
}  // namespace patchbay::history
