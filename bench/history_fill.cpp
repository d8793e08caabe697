#include "history_fill.hpp"

#include <cstdlib>
#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>

#include "base/descriptor.hpp"
#include "history/postgres.hpp"
#include "history/postgres_schema.hpp"
#include "history/sqlite.hpp"
#include "history/store.hpp"

namespace patchbay::bench {
namespace {

using namespace patchbay::history;

constexpr std::int64_t first_leg = 1'700'000'000'000'000LL << 8, legs_apart = 3'150'000LL << 8;
constexpr std::int64_t first_start = 1'700'000'000'000, starts_apart = 3'150;

[[noreturn]] void fail_with(const std::string& why) {
    fmt::print(stderr, "{}\n", why);
    std::exit(1);
}

template <typename T>
T must(Result<T> result) {
    if (!result) fail_with(result.error().text);
    return std::move(*result);
}

constexpr const char* filled =
    "id,domain,call,started,answered,released,held,role,released_by,sip,cause,a_number,a_name,a_operator,a_"
    "group,"
    "b_number,b_name,b_operator,b_group,called_number,called_did,trunk,queue,urls,own_operator";

// nth_record() in SQL: the columns from a row (n, w: the operator, o: the number outside, oc: the operator
// called, rang).
std::string columns(const std::string& outside) {
    const std::string name = "'Operator '||w", number = "(1000+w)||''",
                      group = fmt::format("'group'||(w%{})", groups);
    const auto side = [&](const char* when_operator) {
        const auto choice = [&](const std::string& own, const std::string& other) {
            return fmt::format(",CASE WHEN {} THEN {} ELSE {} END", when_operator, own, other);
        };
        return choice(number, outside) + choice(name, "''") + choice(number, "''") + choice(group, "''");
    };
    return fmt::format(
        "(({}+n*{})<<3)|(CASE WHEN rang THEN 1 ELSE 0 END)|(CASE WHEN (n%2=1)=oc THEN 4 ELSE 0 END),1,n/2,"
        "{}+n*{},{}+n*{},{}+n*{},0,0,0,0,'hung_up'{}{},'600','','','sales','',"
        "CASE WHEN n%2=1 THEN {} ELSE '' END",
        first_leg, legs_apart, first_start, starts_apart, first_start + 5000, starts_apart,
        first_start + 100'000, starts_apart, side("oc"), side("NOT oc"), number);
}

// What was written after the first records, and the offset that goes with it.
std::string trimming(std::uint64_t count) {
    return fmt::format(
        "DELETE FROM cdr WHERE domain=1 AND started>={}; UPDATE progress SET journal_offset={};",
        start_of_record(count).time_since_epoch().count(), count);
}

// Into a file of its own, which gets the store's name when it is whole: until then nothing is safe in it.
void fill_sqlite(const std::string& path, std::uint64_t count) {
    const auto unfinished = path + ".new";
    std::filesystem::remove(unfinished);
    open_store("sqlite:" + unfinished);
    auto database = must(Database::open(unfinished, Database::Mode::write));
    must(
        database->run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000; PRAGMA "
                      "temp_store=MEMORY"));
    std::vector<std::string> indices, drops;
    auto* listed =
        must(database->prepared("SELECT sql, name FROM sqlite_master WHERE name LIKE 'by!_%' ESCAPE '!'"));
    while (must(listed->step())) {
        indices.push_back(listed->text(0));
        drops.push_back("DROP INDEX " + listed->text(1));
    }
    listed->reset();
    for (const auto& drop : drops) must(database->run(drop));
    must(database->run("INSERT INTO domain VALUES (1,'demo.local')"));
    must(database->run(
        fmt::format("INSERT INTO cdr ({}) WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n+1 "
                    "FROM c WHERE "
                    "n<{}), r AS MATERIALIZED "
                    "(SELECT n, abs(random())%{} w, abs(random())%{} o, abs(random())%4=0 oc, "
                    "abs(random())%20<>0 rang FROM c) "
                    "SELECT {} FROM r",
                    filled, count - 1, operators, outside_numbers, columns("'+7'||printf('%010d',o)"))));
    for (const auto& index : indices) must(database->run(index));
    must(database->run(fmt::format("UPDATE progress SET journal_offset={}", count)));
    database.reset();
    std::filesystem::rename(unfinished, path);
}

// Machines take pages away that were not used for a while, and a page from the disk costs a millisecond.
void keep_in_memory(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const auto size = std::filesystem::file_size(path);
    constexpr int kinds[] = {MAP_SHARED | MAP_POPULATE | MAP_LOCKED, MAP_SHARED | MAP_POPULATE};
    for (const auto kind : kinds)
        if (::mmap(nullptr, size, PROT_READ, kind, file.get(), 0) != MAP_FAILED) return;
}

void prepare_sqlite(const std::string& path, std::uint64_t count) {
    if (!std::filesystem::exists(path)) fill_sqlite(path, count);
    const auto offset = open_store("sqlite:" + path)->journal_offset().value();
    if (offset < count) fail_with(path + " holds other records: remove it");
    const auto database = must(Database::open(path, Database::Mode::write));
    if (offset > count) must(database->run(trimming(count)));
    must(database->run("PRAGMA wal_checkpoint(TRUNCATE)"));
    keep_in_memory(path);
}

// In one transaction, so that PostgreSQL need not log what it writes into tables that are new.
void fill_postgres(PostgresConnection& database, std::uint64_t count) {
    must(
        database.run("SET statement_timeout=0; SET maintenance_work_mem='512MB'; SET "
                     "max_parallel_maintenance_workers=0; BEGIN"));
    auto listed =
        must(database.ask("SELECT replace(indexdef,' ON ONLY ',' ON '), indexname FROM pg_indexes WHERE "
                          "schemaname='patchbay' AND tablename='cdr'",
                          {}));
    std::vector<std::string> indices;
    while (listed.next()) {
        indices.push_back(listed.text(0));
        must(database.run("DROP INDEX " + listed.text(1)));
    }
    const auto end = month_of(start_of_record(count));
    for (auto month = month_of(start_of_record(0)); month <= end; month += std::chrono::months{1})
        must(database.run(partition_sql(month)));
    must(database.run("INSERT INTO domain (name) VALUES ('demo.local') ON CONFLICT DO NOTHING"));
    must(database.run(fmt::format(
        "INSERT INTO cdr ({}) WITH r AS MATERIALIZED (SELECT n, floor(random()*{})::int w, "
        "floor(random()*{})::int o, "
        "random()<0.25 oc, random()>0.05 rang FROM generate_series(0::bigint,{}) n) SELECT {} FROM r",
        filled, operators, outside_numbers, count - 1, columns("'+7'||lpad(o::text,10,'0')"))));
    for (const auto& index : indices) must(database.run(index));
    must(database.run(fmt::format("INSERT INTO progress VALUES ('node1',{}); COMMIT", count)));
}

void prepare_postgres(const std::string& url, std::uint64_t count) {
    const auto offset = open_store(url)->journal_offset().value();
    const auto database = must(PostgresConnection::open(url, "SET search_path=patchbay,public"));
    if (offset == 0) {
        fill_postgres(*database, count);
    } else if (offset < count) {
        fail_with("the PostgreSQL database holds other records: remove it");
    } else if (offset > count) {
        must(database->run(trimming(count)));
    }
    if (offset != count) must(database->run("VACUUM (ANALYZE) cdr"));
    must(database->run("CREATE EXTENSION IF NOT EXISTS pg_prewarm SCHEMA public"));
    must(
        database->run("SELECT sum(pg_prewarm(oid)) FROM pg_class WHERE relkind IN ('r','i') AND "
                      "relnamespace='patchbay'::regnamespace"));
}

}  // namespace

Time start_of_record(std::uint64_t n) {
    return Time{Milliseconds{first_start + static_cast<std::int64_t>(n) * starts_apart}};
}

Cdr nth_record(std::uint64_t n, std::uint32_t chance) {
    const bool is_operator = n % 2 == 1, operator_called = chance % 4 == 0;
    const auto which = chance / 4 % operators;
    Cdr cdr;
    cdr.leg = LegId{static_cast<std::uint64_t>(first_leg) + n * static_cast<std::uint64_t>(legs_apart)};
    cdr.call = CallRef{n / 2};
    cdr.domain = "demo.local";
    cdr.direction = is_operator == operator_called ? call::Direction::out : call::Direction::in;
    auto& number = is_operator ? cdr.number : cdr.remote_number;
    number = std::to_string(1000 + which);
    (is_operator ? cdr.display_name : cdr.remote_display_name) = fmt::format("Operator {}", which);
    (is_operator ? cdr.operator_id : cdr.remote_operator_id) = number;
    (is_operator ? cdr.group : cdr.remote_group) = fmt::format("group{}", which % groups);
    (is_operator ? cdr.remote_number : cdr.number) = fmt::format("+7{:010}", chance % outside_numbers);
    cdr.called_number = "600";
    cdr.queue_id = "sales";
    cdr.started = start_of_record(n);
    cdr.answered = cdr.started + Milliseconds{5000};
    cdr.released = cdr.started + Milliseconds{100'000};
    cdr.cause = "hung_up";
    cdr.rang = chance % 20 != 0;
    cdr.shown = cdr.direction == call::Direction::in;
    return cdr;
}

void prepare(const std::string& url, std::uint64_t count) {
    static constexpr std::string_view sqlite = "sqlite:";
    if (url.starts_with(sqlite)) return prepare_sqlite(url.substr(sqlite.size()), count);
    prepare_postgres(url, count);
}

}  // namespace patchbay::bench
