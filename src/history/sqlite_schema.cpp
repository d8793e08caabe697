#include "history/sqlite_schema.hpp"

#include <array>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "base/log.hpp"

namespace patchbay::history {
namespace {

// One step a version; never changed once released. The database's user_version counts those it has.
constexpr std::array<std::string_view, 5> migrations{R"sql(
CREATE TABLE domain (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE progress (id INTEGER PRIMARY KEY CHECK (id = 1), journal_offset INTEGER NOT NULL);
INSERT INTO progress VALUES (1, 0);
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
)sql",
                                                     R"sql(
ALTER TABLE cdr ADD COLUMN codec TEXT NOT NULL DEFAULT '';
ALTER TABLE cdr ADD COLUMN packets_in INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cdr ADD COLUMN packets_out INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cdr ADD COLUMN lost_in INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cdr ADD COLUMN lost_out INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cdr ADD COLUMN jitter INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cdr ADD COLUMN round_trip INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cdr ADD COLUMN mos INTEGER NOT NULL DEFAULT 0;
)sql",
                                                     R"sql(
ALTER TABLE cdr ADD COLUMN distributed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cdr ADD COLUMN agent_answered INTEGER NOT NULL DEFAULT 0;
)sql",
                                                     R"sql(
ALTER TABLE cdr ADD COLUMN own_operator TEXT NOT NULL DEFAULT '';
UPDATE cdr SET own_operator = CASE WHEN id & 4 <> 0 THEN a_operator ELSE b_operator END;
CREATE INDEX by_own_operator ON cdr (domain, own_operator, started) WHERE own_operator <> '';
)sql",
                                                     // The bit 2 said that the leg supervised.
                                                     R"sql(
UPDATE cdr SET own_operator = '', id = (id & ~2) | CASE WHEN id & 4 = 0 THEN 2 ELSE 0 END WHERE role <> 0;
UPDATE cdr SET id = id | 2
    WHERE role = 0 AND id & 4 <> 0 AND queue <> '' AND a_operator = '' AND agent_answered = 0;
)sql"};

}  // namespace

const std::string& insert_sql() {
    static const std::string sql = [] {
        std::string values;
        for (int at = 1; at < domain_at; ++at) values += fmt::format("?{},", at);
        return fmt::format(
            "INSERT INTO cdr ({},domain,own_operator) SELECT {}?{},{} "
            "WHERE NOT EXISTS (SELECT 1 FROM cdr WHERE id BETWEEN ?{} AND ?{})",
            record_columns, values, domain_at, own_operator_sql('?'), first_id_at, last_id_at);
    }();
    return sql;
}

Result<Done> migrate(Database& database) {
    auto asked = database.prepared("PRAGMA user_version");
    if (!asked) return asked.error();
    if (auto row = (*asked)->step(); !row) return row.error();
    const auto version = static_cast<std::size_t>((*asked)->number(0));
    (*asked)->reset();
    if (version > migrations.size())
        return Error{"store_newer", fmt::format("the database has version {}, this program knows {}", version,
                                                migrations.size())};
    for (auto next = version; next < migrations.size(); ++next) {
        auto done = database.run(
            fmt::format("BEGIN IMMEDIATE;{}PRAGMA user_version = {};COMMIT", migrations[next], next + 1));
        if (!done) {
            static_cast<void>(database.run("ROLLBACK"));
            return done;
        }
        log::info("history", "the database is at version {} now", next + 1);
    }
    return Done{};
}

}  // namespace patchbay::history
