#include "history/sqlite_store.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>
#include <variant>

#include "base/log.hpp"
#include "base/text.hpp"
#include "history/query_sql.hpp"
#include "history/row.hpp"
#include "history/sqlite.hpp"
#include "history/sqlite_schema.hpp"

namespace patchbay::history {
namespace {

constexpr std::chrono::milliseconds query_limit{5000};
constexpr std::int64_t forgotten_at_once = 500;  // records; writing waits for them

// The journal is the truth, so a transaction that a power cut takes is simply folded again: NORMAL, not FULL.
constexpr const char* writer_settings =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
    "PRAGMA wal_autocheckpoint=8000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864";
// As much of the file as SQLite maps; pages beyond it are kept, for deep pages of ten million records walk
// far.
constexpr const char* reader_settings =
    "PRAGMA mmap_size=2147418112; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY";

}  // namespace

SqliteStore::SqliteStore(std::string path) : path_(std::move(path)) {
    if (const auto opened = open_writer(); !opened)
        throw std::runtime_error("history: " + opened.error().text);
}

SqliteStore::~SqliteStore() = default;

Result<Done> SqliteStore::open_writer() {
    auto database = Database::open(path_, Database::Mode::write);
    if (!database) return database.error();
    auto prepared = (*database)->run(writer_settings);
    if (prepared) prepared = migrate(**database);
    if (!prepared) return Error{prepared.error().code, path_ + ": " + prepared.error().text};
    writer_ = std::move(*database);
    domains_.clear();
    return Done{};
}

Result<Done> SqliteStore::write(std::span<const Cdr> records, std::uint64_t journal_offset) {
    const std::scoped_lock lock(writing_);
    if (!writer_) {
        if (auto opened = open_writer(); !opened) return opened;
    }
    auto written = write_all(records, journal_offset);
    if (!written) {
        domains_.clear();  // those that were added are rolled back
        const auto undone = writer_->run("ROLLBACK");
        if (!undone || written.error().code != "store_busy") writer_.reset();
    }
    return written;
}

Result<Done> SqliteStore::write_all(std::span<const Cdr> records, std::uint64_t journal_offset) {
    if (auto begun = writer_->run("BEGIN IMMEDIATE"); !begun) return begun;
    for (const auto& cdr : records)
        if (auto inserted = insert(cdr); !inserted) return inserted;
    auto progress = writer_->prepared("UPDATE progress SET journal_offset=?1");
    if (!progress) return progress.error();
    (*progress)->bind(1, static_cast<std::int64_t>(journal_offset));
    if (auto done = (*progress)->step(); !done) return done.error();
    return writer_->run("COMMIT");
}

Result<Done> SqliteStore::insert(const Cdr& cdr) {
    if (cdr.leg.value > highest_leg) {
        log::error("history", "leg {} of call {} has no place in the store", cdr.leg.text(), cdr.call.text());
        return Done{};
    }
    const auto domain = domain_number(cdr.domain);
    if (!domain) return domain.error();
    auto statement = writer_->prepared(insert_sql());
    if (!statement) return statement.error();
    const auto urls = joined_urls(cdr);
    bind_record(**statement, cdr, urls, *domain);
    const auto done = (*statement)->step();
    (*statement)->reset();
    if (!done) return done.error();
    return Done{};
}

// The number that stands for the domain's name, given at first use. Names compare without case.
Result<std::int64_t> SqliteStore::domain_number(const std::string& name) {
    if (const auto known = domains_.find(name); known != domains_.end()) return known->second;
    const auto key = lower(name);
    auto added = writer_->prepared("INSERT OR IGNORE INTO domain (name) VALUES (?1)");
    if (!added) return added.error();
    (*added)->bind(1, std::string_view(key));
    if (auto done = (*added)->step(); !done) return done.error();
    (*added)->reset();
    auto asked = writer_->prepared("SELECT id FROM domain WHERE name=?1");
    if (!asked) return asked.error();
    (*asked)->bind(1, std::string_view(key));
    if (auto row = (*asked)->step(); !row) return row.error();
    const auto number = (*asked)->number(0);
    (*asked)->reset();
    domains_.emplace(name, number);
    return number;
}

Result<std::uint64_t> SqliteStore::journal_offset() {
    const std::scoped_lock lock(writing_);
    if (!writer_) {
        if (auto opened = open_writer(); !opened) return opened.error();
    }
    auto asked = writer_->prepared("SELECT journal_offset FROM progress");
    if (!asked) return asked.error();
    if (auto row = (*asked)->step(); !row) return row.error();
    const auto offset = static_cast<std::uint64_t>((*asked)->number(0));
    (*asked)->reset();
    return offset;
}

Result<bool> SqliteStore::forget(Time month_start) {
    const std::scoped_lock lock(writing_);
    if (!writer_) {
        if (auto opened = open_writer(); !opened) return opened.error();
    }
    auto removal = writer_->prepared(
        "DELETE FROM cdr WHERE id IN (SELECT cdr.id FROM domain CROSS JOIN cdr INDEXED BY by_start "
        "ON cdr.domain=domain.id WHERE started<?1 LIMIT ?2)");
    if (!removal) return removal.error();
    (*removal)->bind(1, std::int64_t{month_start.time_since_epoch().count()});
    (*removal)->bind(2, forgotten_at_once);
    if (auto done = (*removal)->step(); !done) return done.error();
    (*removal)->reset();
    return writer_->changes() == forgotten_at_once;
}

Result<Page> SqliteStore::query(const Filter& filter) {
    std::unique_ptr<Database> reader;
    {
        const std::scoped_lock lock(reading_);
        if (!idle_readers_.empty()) {
            reader = std::move(idle_readers_.back());
            idle_readers_.pop_back();
        }
    }
    if (!reader) {
        auto opened = Database::open(path_, Database::Mode::read);
        if (!opened) return opened.error();
        if (auto set = (*opened)->run(reader_settings); !set) return set.error();
        reader = std::move(*opened);
    }
    reader->set_time_limit(query_limit);
    auto page = query_on(*reader, filter);
    if (!page && page.error().code == "store") return page;  // the connection is not used again
    const std::scoped_lock lock(reading_);
    idle_readers_.push_back(std::move(reader));
    return page;
}

Result<Page> SqliteStore::query_on(Database& reader, const Filter& filter) {
    auto domain = reader.prepared("SELECT id FROM domain WHERE name=?1");
    if (!domain) return domain.error();
    const auto name = lower(filter.domain);
    (*domain)->bind(1, std::string_view(name));
    auto known = (*domain)->step();
    if (!known) return known.error();
    const auto number = *known ? (*domain)->number(0) : 0;
    (*domain)->reset();
    if (!*known) return Page{};

    const auto sql = query_sql(filter, Dialect::sqlite, number);
    auto statement = reader.prepared(sql.text);
    if (!statement) return statement.error();
    for (int at = 1; const auto& value : sql.values)
        std::visit([&](const auto& bound) { (*statement)->bind(at++, bound); }, value);
    Page page;
    auto row = (*statement)->step();
    for (; row && *row; row = (*statement)->step())
        page.records.push_back(read_record(**statement, filter.domain));
    (*statement)->reset();
    if (!row) return row.error();
    const auto limit = static_cast<std::size_t>(std::clamp(filter.limit, 0, highest_limit));
    page.more = page.records.size() > limit;
    if (page.more) page.records.resize(limit);
    return page;
}

}  // namespace patchbay::history
