// What every store must do, run on SQLite and on PostgreSQL.
#include "history/store.hpp"

#include <algorithm>
#include <filesystem>
#include <random>

#include <gtest/gtest.h>

#include "history/months.hpp"
#include "history/query_sql.hpp"
#include "postgres_server.hpp"
#include "records.hpp"
#include "temporary_folder.hpp"

namespace patchbay::history {
namespace {

using call::Direction;
using call::Role;

enum class Kind { sqlite, postgres };

struct StoreTest : ::testing::TestWithParam<Kind> {
    testing::TemporaryFolder folder;
    std::string url = GetParam() == Kind::sqlite ? "sqlite:" + folder.file("history.db")
                                                 : testing::PostgresServer::instance().new_database();
    std::unique_ptr<Store> store = open_store(url);

    std::vector<std::uint64_t> legs(Filter filter) {
        filter.domain = "demo.local";
        const auto page = store->query(filter);
        EXPECT_TRUE(page) << page.error().text;
        std::vector<std::uint64_t> found;
        if (page)
            for (const auto& cdr : page->records) found.push_back(cdr.leg.value);
        return found;
    }
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreTest, ::testing::Values(Kind::sqlite, Kind::postgres),
                         [](const auto& chosen) {
                             return chosen.param == Kind::sqlite ? "sqlite" : "postgres";
                         });

TEST_P(StoreTest, a_record_comes_back_whole_from_either_side) {
    for (const auto direction : {Direction::out, Direction::in}) {
        auto written = record(direction == Direction::out ? 1 : 2);
        written.direction = direction;
        written.role = Role::talker;
        ASSERT_TRUE(store->write(std::span(&written, 1), 5));
        Filter filter;
        filter.domain = "DEMO.local";
        const auto page = store->query(filter);
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
        EXPECT_EQ(read.distributed, written.distributed);
        EXPECT_EQ(read.agent_answered, written.agent_answered);
        EXPECT_EQ(read.released_by, ReleasedBy::b);
        EXPECT_EQ(read.cause, "hung_up");
        EXPECT_EQ(read.sip, 200);
        EXPECT_EQ(read.held, Milliseconds{77});
        EXPECT_TRUE(read.rang);
        EXPECT_EQ(read.urls, written.urls);
        EXPECT_EQ(read.success_faxes, written.success_faxes);
        EXPECT_EQ(read.failed_faxes, written.failed_faxes);
        ASSERT_TRUE(read.quality);
        EXPECT_EQ(*read.quality, *written.quality);
    }
}

TEST_P(StoreTest, a_leg_is_written_once_and_the_offset_with_it) {
    auto first = record(1);
    ASSERT_TRUE(store->write(std::span(&first, 1), 7));
    auto again = record(1);
    again.cause = "cleared";
    again.rang = false;
    ASSERT_TRUE(store->write(std::span(&again, 1), 9));
    EXPECT_EQ(store->journal_offset().value(), 9U);
    const auto page = store->query({.domain = "demo.local"});
    ASSERT_EQ(page->records.size(), 1U);
    EXPECT_EQ(page->records[0].cause, "hung_up");
    EXPECT_EQ(open_store(url)->journal_offset().value(), 9U);
}

TEST_P(StoreTest, newest_start_comes_first_then_highest_leg) {
    std::vector<Cdr> records{record(1), record(2), record(3)};
    records[0].started = second(9);
    records[1].direction = Direction::in;
    records[1].started = records[2].started = second(5);
    ASSERT_TRUE(store->write(records, 1));
    EXPECT_EQ(legs({}), (std::vector<std::uint64_t>{1, 3, 2}));
}

TEST_P(StoreTest, domains_do_not_see_each_other) {
    auto other = record(1);
    other.domain = "other.local";
    ASSERT_TRUE(store->write(std::span(&other, 1), 1));
    EXPECT_TRUE(legs({}).empty());
    EXPECT_EQ(store->query({.domain = "other.local"})->records.size(), 1U);
    EXPECT_TRUE(store->query({.domain = "unknown"})->records.empty());
}

TEST_P(StoreTest, legs_that_never_rang_are_left_out_unless_asked_for) {
    std::vector<Cdr> records{record(1), record(2)};
    records[1].rang = false;
    ASSERT_TRUE(store->write(records, 1));
    EXPECT_EQ(legs({}), (std::vector<std::uint64_t>{1}));
    EXPECT_EQ(legs({.skip_incomplete = false}), (std::vector<std::uint64_t>{2, 1}));
}

TEST_P(StoreTest, who_supervised_has_no_part_in_the_operators_own_history) {
    std::vector<Cdr> records{record(1), record(2), record(3)};
    records[1].role = Role::consultant;
    records[2].role = Role::observer;
    records[2].direction = Direction::in;
    ASSERT_TRUE(store->write(records, 1));
    EXPECT_EQ(legs({.operator_id = "101"}), (std::vector<std::uint64_t>{1}));
    EXPECT_EQ(legs({}).size(), 3U);
}

TEST_P(StoreTest, a_call_is_shown_once_from_whichever_side) {
    std::vector<Cdr> records;
    for (std::uint64_t leg = 1; leg <= 4; ++leg) {
        records.push_back(record(leg));
        records.back().direction = leg <= 2 ? Direction::out : Direction::in;
        records.back().shown = leg % 2 == 1;
    }
    ASSERT_TRUE(store->write(records, 1));
    EXPECT_EQ(legs({.shown = true}), (std::vector<std::uint64_t>{3, 1}));
    EXPECT_EQ(legs({.operator_id = "101", .direction = Direction::in}), (std::vector<std::uint64_t>{4, 3}));
    const auto page = store->query({.domain = "demo.local"});
    for (const auto& read : page->records) EXPECT_EQ(read.shown, read.leg.value % 2 == 1);
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
    const bool own = filter.operator_id == cdr.operator_id && cdr.role == Role::talker;
    return (filter.operator_id.empty() || own) && (!filter.from || *filter.from <= cdr.started) &&
           (!filter.to || cdr.started <= *filter.to) &&
           sides(filter.number, filter.from_number, filter.to_number, cdr.number, cdr.remote_number) &&
           sides(filter.group, filter.group_a, filter.group_b, cdr.group, cdr.remote_group) &&
           sides(filter.agent, filter.agent_a, filter.agent_b, cdr.operator_id, cdr.remote_operator_id) &&
           sides(filter.display_name, filter.display_name_a, filter.display_name_b, cdr.display_name,
                 cdr.remote_display_name) &&
           (!filter.direction || filter.direction == cdr.direction) &&
           (!filter.skip_incomplete || cdr.rang) && (!filter.shown || cdr.shown);
}

TEST_P(StoreTest, any_filter_and_any_page_give_what_plain_code_gives) {
    std::mt19937 random(7);
    const auto few = [&](const char* prefix) {
        const auto n = random() % 4;
        return n == 0 ? std::string() : prefix + std::to_string(n);
    };
    std::vector<Cdr> records;
    for (std::uint64_t leg = 1; leg <= 600; ++leg) {
        auto cdr = record(leg);
        cdr.started = day(random() % 100);
        cdr.direction = random() % 2 == 0 ? Direction::out : Direction::in;
        cdr.role = random() % 5 == 0 ? Role::observer : Role::talker;
        cdr.rang = random() % 5 != 0;
        cdr.shown = random() % 2 == 0;
        cdr.number = few("n"), cdr.remote_number = few("n");
        cdr.display_name = few("d"), cdr.remote_display_name = few("d");
        cdr.operator_id = few("o"), cdr.remote_operator_id = few("o");
        cdr.group = few("g"), cdr.remote_group = few("g");
        records.push_back(cdr);
    }
    ASSERT_TRUE(store->write(records, 1));
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
        if (random() % 3 == 0) filter.from = day(random() % 100);
        if (random() % 3 == 0) filter.to = day(random() % 100);
        filter.skip_incomplete = random() % 2 == 0;
        filter.shown = random() % 2 == 0;
        std::vector<std::uint64_t> wanted;
        for (const auto& cdr : records)
            if (matches(filter, cdr)) wanted.push_back(cdr.leg.value);

        filter.limit = static_cast<int>(1 + random() % 60);
        filter.domain = "demo.local";
        const bool by_offset = random() % 2 == 0;
        std::vector<std::uint64_t> got;
        for (bool more = true; more;) {
            const auto page = store->query(filter);
            ASSERT_TRUE(page) << page.error().text;
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
        ASSERT_EQ(got, wanted);
    }
}

TEST_P(StoreTest, a_leg_id_without_a_place_does_not_stop_the_others) {
    std::vector<Cdr> records{record(~0ULL), record(1)};
    records[0].started = second(1);
    ASSERT_TRUE(store->write(records, 1));
    EXPECT_EQ(legs({}).size(), 1U);
}

// Pages by the place of the last record, as a tag does, while calls end between the pages.
TEST_P(StoreTest, paging_by_tag_gives_each_record_once_while_calls_are_added) {
    std::vector<Cdr> records;
    for (std::uint64_t leg = 1; leg <= 40; ++leg) records.push_back(record(leg * 100));
    for (auto& cdr : records) cdr.started = day(cdr.leg.value / 200);
    ASSERT_TRUE(store->write(records, 1));
    std::vector<std::uint64_t> wanted, got;
    for (auto it = records.rbegin(); it != records.rend(); ++it) wanted.push_back(it->leg.value);
    Filter filter{.domain = "demo.local", .number = "101", .limit = 7};
    for (std::uint64_t round = 1;; ++round) {
        const auto page = store->query(filter);
        ASSERT_TRUE(page) << page.error().text;
        for (const auto& cdr : page->records) got.push_back(cdr.leg.value);
        if (!page->more) break;
        filter.after = Cursor{page->records.back().started, page->records.back().leg};
        auto added = record(100'000 + round);
        added.started = day(100) + Seconds{round};
        ASSERT_TRUE(store->write(std::span(&added, 1), 1 + round));
    }
    EXPECT_EQ(got, wanted);
    EXPECT_EQ(legs({}).size(), 45U);
}

TEST_P(StoreTest, months_are_forgotten_whole) {
    std::vector<Cdr> records;
    for (std::uint64_t leg = 1; leg <= 1200; ++leg) {
        records.push_back(record(leg));
        records.back().started = day(leg / 10);
    }
    ASSERT_TRUE(store->write(records, 1));
    const auto kept = start_of(month_of(day(80)));
    std::size_t wanted = 0;
    for (const auto& cdr : records) wanted += cdr.started >= kept ? 1 : 0;
    int pieces = 1;
    auto more = store->forget(kept);
    for (; more && *more; more = store->forget(kept)) ++pieces;
    ASSERT_TRUE(more) << more.error().text;
    EXPECT_GT(pieces, 1);
    EXPECT_EQ(legs({.limit = 2000}).size(), wanted);
    EXPECT_GT(wanted, 0U);
    // What is forgotten may be written again: a journal that is read anew.
    ASSERT_TRUE(store->write(std::span(records).first(1), 2));
    EXPECT_EQ(legs({.limit = 2000}).size(), wanted + 1);
}

TEST_P(StoreTest, no_text_keeps_other_records_out) {
    std::vector<Cdr> records{record(1), record(2), record(3), record(4)};
    records[0].display_name = "\xff\xfe";
    records[1].remote_display_name = std::string("a\0b", 3);
    records[2].remote_display_name = std::string(100'000, 'x');
    const auto written = store->write(records, 1);
    ASSERT_TRUE(written) << written.error().text;
    EXPECT_EQ(legs({}), (std::vector<std::uint64_t>{4, 3, 2, 1}));
    EXPECT_EQ(legs({.display_name = "' OR '1'='1"}).size(), 0U);
}

TEST(ClaimStore, keeps_one_server_at_a_sqlite_file_and_any_number_at_postgres) {
    testing::TemporaryFolder folder;
    const auto url = "sqlite:" + folder.file("new/history.db");
    auto held = claim_store(url);
    open_store(url);
    std::filesystem::create_symlink(folder.file("new/history.db"), folder.file("other_name.db"));
    EXPECT_THROW(claim_store(url), std::runtime_error);
    EXPECT_THROW(claim_store("sqlite:" + folder.file("other_name.db")), std::runtime_error);
    held.reset();
    EXPECT_TRUE(claim_store(url));
    EXPECT_FALSE(claim_store("postgresql:///postgres"));
    EXPECT_FALSE(claim_store("postgresql:///postgres"));
}

TEST(OpenStore, takes_its_url_and_makes_the_folder) {
    testing::TemporaryFolder folder;
    EXPECT_TRUE(open_store("sqlite:" + folder.file("new/history.db"))->query({.domain = "x"}));
    EXPECT_THROW(open_store("oracle:x"), std::runtime_error);
    EXPECT_THROW(open_store("postgresql:///postgres?nonsense=1"), std::runtime_error);
}

}  // namespace
}  // namespace patchbay::history
