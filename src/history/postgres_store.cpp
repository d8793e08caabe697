#include "history/postgres_store.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include <fmt/core.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "history/postgres_schema.hpp"
#include "history/query_sql.hpp"

namespace patchbay::history {
namespace {

constexpr const char* writer_settings =
    "SET search_path=patchbay; SET statement_timeout=30000; SET lock_timeout=5000; SET "
    "client_min_messages=warning;"
    "SET plan_cache_mode=force_generic_plan";

// A walk down an index in the page's order is always the best plan, but the planner does not know how few
// rows a page takes; so it is left no other. Plans are made once for each shape of query.
constexpr const char* reader_settings =
    "SET search_path=patchbay; SET statement_timeout=5000; SET client_min_messages=warning;"
    "SET default_transaction_read_only=on; SET plan_cache_mode=force_generic_plan; SET jit=off;"
    "SET max_parallel_workers_per_gather=0; SET enable_seqscan=off; SET enable_bitmapscan=off; SET "
    "enable_sort=off;"
    "SET enable_hashagg=off; SET enable_hashjoin=off; SET enable_mergejoin=off; SET enable_material=off;"
    "SET enable_memoize=off";

Result<PostgresRows> ask(PostgresConnection& reader, const Filter& filter, std::int64_t domain) {
    const auto sql = query_sql(filter, Dialect::postgres, domain);
    PostgresValues values;
    for (int at = 1; const auto& value : sql.values)
        std::visit([&](const auto& bound) { values.bind(at++, bound); }, value);
    return reader.ask(sql.text, values);
}

// The filter, from that place on.
Filter beginning_at(const Row& place, Filter filter) {
    const auto leg = static_cast<std::uint64_t>(place.number(1) >> kind::bits);
    filter.after = Cursor{Time{Milliseconds{place.number(0)}}, LegId{leg + 1}};
    filter.offset = 0;
    return filter;
}

}  // namespace

PostgresStore::PostgresStore(std::string url, std::string node)
    : url_(std::move(url)), node_(std::move(node)) {
    const auto ready = ready_to_write();
    if (ready) return;
    if (ready.error().code != "store_away") throw std::runtime_error("history: " + ready.error().text);
    log::error("history", "PostgreSQL is away: {}; it is tried again", ready.error().text);
}

PostgresStore::~PostgresStore() = default;

Result<Done> PostgresStore::ready_to_write() {
    if (writer_ && !writer_->is_broken()) return Done{};
    writer_.reset();
    domains_.clear();
    insertions_.clear();
    auto opened = PostgresConnection::open(url_, writer_settings);
    if (!opened) return opened.error();
    if (auto migrated = migrate(**opened); !migrated) return migrated;
    writer_ = std::move(*opened);
    return Done{};
}

// Runs what needs the writing connection; after an error it is made anew.
template <typename Work>
auto PostgresStore::as_writer(Work work) -> decltype(work()) {
    const std::scoped_lock lock(writing_);
    if (auto ready = ready_to_write(); !ready) return ready.error();
    auto done = work();
    const bool goes_on = done || done.error().code == "store_busy" || done.error().code == "bad_record";
    if (!goes_on) writer_.reset();
    return done;
}

Result<Done> PostgresStore::write(std::span<const Cdr> records, std::uint64_t journal_offset) {
    return as_writer([&] { return write_all(records, journal_offset); });
}

Result<Done> PostgresStore::write_all(std::span<const Cdr> records, std::uint64_t journal_offset) {
    static const std::string progress =
        "INSERT INTO progress VALUES ($1,$2) ON CONFLICT (node) DO UPDATE SET "
        "journal_offset=excluded.journal_offset";
    std::vector<PostgresConnection::Step> steps;
    steps.reserve(records.size() + 1);
    for (const auto& cdr : records) {
        if (cdr.leg.value > highest_leg) {
            log::error("history", "leg {} of call {} has no place in the store", cdr.leg.text(),
                       cdr.call.text());
            continue;
        }
        const auto domain = domain_number(cdr.domain);
        if (!domain) return domain.error();
        const auto sql = insertion(month_of(cdr.started));
        if (!sql) return sql.error();
        steps.push_back({*sql, {}});
        bind_record(steps.back().values, cdr, joined_urls(cdr), *domain);
    }
    steps.push_back({&progress, {}});
    auto& last = steps.back().values;
    last.bind(1, std::string_view(node_));
    last.bind(2, static_cast<std::int64_t>(journal_offset));
    return writer_->run_all(steps);
}

// The month's table is made in a transaction of its own: it locks out readers, so it must not last.
Result<const std::string*> PostgresStore::insertion(Month month) {
    auto known = insertions_.find(month);
    if (known == insertions_.end()) {
        if (auto made = writer_->run(partition_sql(month)); !made) return made.error();
        known = insertions_.emplace(month, insert_sql(month)).first;
    }
    return &known->second;
}

// The number that stands for the domain's name, given at first use. Names compare without case.
Result<std::int64_t> PostgresStore::domain_number(const std::string& name) {
    if (const auto known = domains_.find(name); known != domains_.end()) return known->second;
    PostgresValues key;
    key.bind(1, std::string_view(lower(name)));
    auto added = writer_->ask("INSERT INTO domain (name) VALUES ($1) ON CONFLICT DO NOTHING", key);
    if (!added) return added.error();
    auto asked = writer_->ask("SELECT id FROM domain WHERE name=$1", key);
    if (!asked) return asked.error();
    if (!asked->next()) return Error{"store", "the domain was not kept"};
    return domains_.emplace(name, asked->number(0)).first->second;
}

Result<std::uint64_t> PostgresStore::journal_offset() {
    return as_writer([&]() -> Result<std::uint64_t> {
        PostgresValues node;
        node.bind(1, std::string_view(node_));
        auto asked = writer_->ask("SELECT journal_offset FROM progress WHERE node=$1", node);
        if (!asked) return asked.error();
        return asked->next() ? static_cast<std::uint64_t>(asked->number(0)) : 0;
    });
}

Result<bool> PostgresStore::forget(Time month_start) {
    return as_writer([&] { return forget_one(month_start); });
}

Result<bool> PostgresStore::forget_one(Time month_start) {
    auto tables = writer_->ask(
        "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid=inhrelid WHERE "
        "inhparent='cdr'::regclass",
        {});
    if (!tables) return tables.error();
    while (tables->next()) {
        const auto name = tables->text(0);
        const auto month = month_of_partition(name);
        if (!month || start_of(*month) >= month_start) continue;
        insertions_.erase(*month);
        if (auto dropped = writer_->run("DROP TABLE " + partition_name(*month)); !dropped)
            return dropped.error();
        log::info("history", "{} is forgotten", name);
        return true;
    }
    return false;
}

PostgresStore::Reader PostgresStore::idle_reader() {
    const std::scoped_lock lock(reading_);
    if (idle_readers_.empty()) return {};
    auto reader = std::move(idle_readers_.back());
    idle_readers_.pop_back();
    return reader;
}

Result<Page> PostgresStore::query(const Filter& filter) {
    auto reader = idle_reader();
    auto page =
        reader.connection ? query_on(reader, filter) : Result<Page>(Error{"store_away", "not connected"});
    if (!page && page.error().code == "store_away") {
        auto opened = PostgresConnection::open(url_, reader_settings);
        if (!opened) return opened.error();
        reader = {std::move(*opened)};
        page = query_on(reader, filter);
    }
    if (!page && page.error().code == "store_away") return page;
    const std::scoped_lock lock(reading_);
    idle_readers_.push_back(std::move(reader));
    return page;
}

// The number that stands for the domain's name; 0 when nothing was ever written for it.
Result<std::int64_t> PostgresStore::find_domain(Reader& reader, const std::string& name) {
    if (const auto known = reader.domains.find(name); known != reader.domains.end()) return known->second;
    PostgresValues key;
    key.bind(1, std::string_view(lower(name)));
    auto asked = reader.connection->ask("SELECT id FROM domain WHERE name=$1", key);
    if (!asked) return asked.error();
    if (!asked->next()) return std::int64_t{0};
    return reader.domains.emplace(name, asked->number(0)).first->second;
}

Result<Page> PostgresStore::query_on(Reader& reader, const Filter& filter) {
    const auto domain = find_domain(reader, filter.domain);
    if (!domain) return domain.error();
    if (*domain == 0) return Page{};
    auto rows = ask(*reader.connection, filter, *domain);
    if (rows && filter.offset > 0) {
        if (!rows->next()) return Page{};
        rows = ask(*reader.connection, beginning_at(*rows, filter), *domain);
    }
    if (!rows) return rows.error();
    Page page;
    while (rows->next()) page.records.push_back(read_record(*rows, filter.domain));
    const auto limit = static_cast<std::size_t>(std::clamp(filter.limit, 0, highest_limit));
    page.more = page.records.size() > limit;
    if (page.more) page.records.resize(limit);
    return page;
}

}  // namespace patchbay::history
