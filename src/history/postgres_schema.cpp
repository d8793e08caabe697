#include "history/postgres_schema.hpp"

#include <array>
#include <string_view>

#include <fmt/core.h>

#include "base/log.hpp"
#include "base/text.hpp"

namespace patchbay::history {
namespace {

// One step a version; never changed once released. The table `version` counts those there are.
constexpr std::array<std::string_view, 5> migrations{R"sql(
CREATE TABLE domain (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE progress (node text PRIMARY KEY, journal_offset bigint NOT NULL);
CREATE TABLE cdr (
    id bigint NOT NULL, domain integer NOT NULL, call bigint NOT NULL,
    started bigint NOT NULL, answered bigint NOT NULL, released bigint NOT NULL, held bigint NOT NULL,
    role smallint NOT NULL, released_by smallint NOT NULL, sip integer NOT NULL, cause text COLLATE "C" NOT NULL,
    a_number text COLLATE "C" NOT NULL, a_name text COLLATE "C" NOT NULL,
    a_operator text COLLATE "C" NOT NULL, a_group text COLLATE "C" NOT NULL,
    b_number text COLLATE "C" NOT NULL, b_name text COLLATE "C" NOT NULL,
    b_operator text COLLATE "C" NOT NULL, b_group text COLLATE "C" NOT NULL,
    called_number text COLLATE "C" NOT NULL, called_did text COLLATE "C" NOT NULL,
    trunk text COLLATE "C" NOT NULL, queue text COLLATE "C" NOT NULL, urls text COLLATE "C" NOT NULL,
    codec text COLLATE "C" NOT NULL DEFAULT '', packets_in bigint NOT NULL DEFAULT 0,
    packets_out bigint NOT NULL DEFAULT 0, lost_in bigint NOT NULL DEFAULT 0, lost_out bigint NOT NULL DEFAULT 0,
    jitter integer NOT NULL DEFAULT 0, round_trip integer NOT NULL DEFAULT 0, mos smallint NOT NULL DEFAULT 0)
    PARTITION BY RANGE (started);
CREATE INDEX by_start ON cdr (domain, started, id);
CREATE INDEX by_a_number ON cdr (domain, a_number, started, id) WHERE a_number <> '';
CREATE INDEX by_b_number ON cdr (domain, b_number, started, id) WHERE b_number <> '';
CREATE INDEX by_a_name ON cdr (domain, a_name, started, id) WHERE a_name <> '';
CREATE INDEX by_b_name ON cdr (domain, b_name, started, id) WHERE b_name <> '';
CREATE INDEX by_a_operator ON cdr (domain, a_operator, started, id) WHERE a_operator <> '';
CREATE INDEX by_b_operator ON cdr (domain, b_operator, started, id) WHERE b_operator <> '';
CREATE INDEX by_a_group ON cdr (domain, a_group, started, id) WHERE a_group <> '';
CREATE INDEX by_b_group ON cdr (domain, b_group, started, id) WHERE b_group <> '';
)sql",
                                                     R"sql(
ALTER TABLE cdr ADD COLUMN distributed bigint NOT NULL DEFAULT 0, ADD COLUMN agent_answered bigint NOT NULL DEFAULT 0;
)sql",
                                                     R"sql(
ALTER TABLE cdr ADD COLUMN own_operator text COLLATE "C"
    GENERATED ALWAYS AS (CASE WHEN id & 4 <> 0 THEN a_operator ELSE b_operator END) STORED;
CREATE INDEX by_own_operator ON cdr (domain, own_operator, started, id) WHERE own_operator <> '';
)sql",
                                                     R"sql(
DROP INDEX by_b_number, by_b_name, by_b_operator, by_b_group;
CREATE INDEX by_b_number ON cdr (domain, b_number, started, id) WHERE b_number <> '' AND b_number <> a_number;
CREATE INDEX by_b_name ON cdr (domain, b_name, started, id) WHERE b_name <> '' AND b_name <> a_name;
CREATE INDEX by_b_operator ON cdr (domain, b_operator, started, id) WHERE b_operator <> '' AND b_operator <> a_operator;
CREATE INDEX by_b_group ON cdr (domain, b_group, started, id) WHERE b_group <> '' AND b_group <> a_group;
CREATE INDEX by_both_number ON cdr (domain, b_number, started, id)
    WHERE b_number <> '' AND (b_number <> a_number) IS FALSE;
CREATE INDEX by_both_name ON cdr (domain, b_name, started, id) WHERE b_name <> '' AND (b_name <> a_name) IS FALSE;
CREATE INDEX by_both_operator ON cdr (domain, b_operator, started, id)
    WHERE b_operator <> '' AND (b_operator <> a_operator) IS FALSE;
CREATE INDEX by_both_group ON cdr (domain, b_group, started, id) WHERE b_group <> '' AND (b_group <> a_group) IS FALSE;
)sql",
                                                     // The bit 2 said that the leg supervised.
                                                     R"sql(
ALTER TABLE cdr ALTER COLUMN own_operator DROP EXPRESSION;
UPDATE cdr SET own_operator = '', id = (id & (~2)) | CASE WHEN id & 4 = 0 THEN 2 ELSE 0 END WHERE role <> 0;
UPDATE cdr SET id = id | 2
    WHERE role = 0 AND id & 4 <> 0 AND queue <> '' AND a_operator = '' AND agent_answered = 0;
)sql"};

// Any number, as long as nobody else in the database locks by it.
constexpr std::int64_t schema_lock = 0x7061746368626179;

Result<Done> migrate_locked(PostgresConnection& connection) {
    auto schema = connection.ask("SELECT 1 WHERE to_regnamespace('patchbay') IS NULL", {});
    if (!schema) return schema.error();
    if (schema->next()) {
        auto made = connection.run(
            "CREATE SCHEMA patchbay;"
            "CREATE TABLE patchbay.version (version integer NOT NULL);"
            "INSERT INTO patchbay.version VALUES (0)");
        if (!made) return made;
    }
    auto asked = connection.ask("SELECT version FROM patchbay.version", {});
    if (!asked) return asked.error();
    const auto version = asked->next() ? static_cast<std::size_t>(asked->number(0)) : 0;
    if (version > migrations.size())
        return Error{"store_newer", fmt::format("the database has version {}, this program knows {}", version,
                                                migrations.size())};
    for (auto next = version; next < migrations.size(); ++next) {
        auto done = connection.run(std::string(migrations[next]) +
                                   fmt::format("UPDATE version SET version={}", next + 1));
        if (!done) return done;
        log::info("history", "the database is at version {} now", next + 1);
    }
    return Done{};
}

std::int64_t count(Time time) {
    return time.time_since_epoch().count();
}

}  // namespace

Result<Done> migrate(PostgresConnection& connection) {
    // To write ten million records or their indices anew takes minutes.
    if (auto begun = connection.run("BEGIN; SET LOCAL statement_timeout=0"); !begun) return begun;
    auto done =
        connection.run(fmt::format("DO $$BEGIN PERFORM pg_advisory_xact_lock({}); END$$", schema_lock));
    if (done) done = migrate_locked(connection);
    if (done) return connection.run("COMMIT");
    static_cast<void>(connection.run("ROLLBACK"));
    return done;
}

std::string partition_name(Month month) {
    return fmt::format("cdr_{:04}_{:02}", static_cast<int>(month.year()),
                       static_cast<unsigned>(month.month()));
}

std::optional<Month> month_of_partition(std::string_view name) {
    const auto parts = split(name, '_');
    if (parts.size() != 3 || parts[0] != "cdr") return std::nullopt;
    const auto year = to_number(parts[1]), month = to_number(parts[2]);
    if (!year || !month || *month < 1 || *month > 12) return std::nullopt;
    return Month{std::chrono::year(static_cast<int>(*year)),
                 std::chrono::month(static_cast<unsigned>(*month))};
}

// Servers that meet in a month's first moment make it one after the other: a string of statements is one
// transaction. Index-only walks need the visibility map, so the month that grows is vacuumed often.
std::string partition_sql(Month month) {
    return fmt::format(
        "SELECT pg_advisory_xact_lock({}); CREATE TABLE IF NOT EXISTS {} PARTITION OF cdr FOR VALUES FROM "
        "({}) TO ({}) "
        "WITH (autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=10000)",
        schema_lock, partition_name(month), count(start_of(month)),
        count(start_of(month + std::chrono::months{1})));
}

std::string insert_sql(Month month) {
    std::string values;
    for (int at = 1; at < domain_at; ++at)
        values += fmt::format("${}::{},", at,
                              record_types[static_cast<std::size_t>(at - 1)] == 'n' ? "bigint" : "text");
    return fmt::format(
        "INSERT INTO {0} ({1},domain,own_operator) SELECT {2}${3}::integer,{4} WHERE NOT EXISTS (SELECT 1 "
        "FROM "
        "{0} WHERE domain=${3}::integer AND started=$3::bigint AND id BETWEEN ${5} AND ${6})",
        partition_name(month), record_columns, values, domain_at, own_operator_sql('$'), first_id_at,
        last_id_at);
}

}  // namespace patchbay::history
