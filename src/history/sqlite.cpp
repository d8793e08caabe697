#include "history/sqlite.hpp"

#include <sqlite3.h>

namespace patchbay::history {
namespace {

// Waiting for a lock longer than this is an error: whoever asked tries again later.
constexpr int busy_milliseconds = 200;
// SQLite looks at the time after so many of its virtual machine's instructions.
constexpr int steps_between_looks = 20'000;
// Filters come in many shapes; those in use are prepared again soon.
constexpr std::size_t most_prepared = 256;

Error error_of(sqlite3* connection) {
    switch (sqlite3_errcode(connection)) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {"store_busy", sqlite3_errmsg(connection)};
        case SQLITE_INTERRUPT:
            return {"too_slow", "the query took too long"};
        case SQLITE_TOOBIG:
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:
            return {"bad_record", sqlite3_errmsg(connection)};
        default:
            return {"store", sqlite3_errmsg(connection)};
    }
}

}  // namespace

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

void Statement::bind(int at, std::int64_t value) {
    sqlite3_bind_int64(statement_, at, value);
}

void Statement::bind(int at, std::string_view text) {
    // An empty view may have no address, which SQLite would take for NULL.
    sqlite3_bind_text(statement_, at, text.empty() ? "" : text.data(), static_cast<int>(text.size()),
                      nullptr);
}

Result<bool> Statement::step() {
    switch (sqlite3_step(statement_)) {
        case SQLITE_ROW:
            return true;
        case SQLITE_DONE:
            return false;
        default:
            return error_of(sqlite3_db_handle(statement_));
    }
}

void Statement::reset() {
    sqlite3_reset(statement_);
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string Statement::text(int column) const {
    const void* const bytes = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

Database::Database(sqlite3* connection) : connection_(connection) {}

Database::~Database() {
    prepared_.clear();
    sqlite3_close(connection_);
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Mode mode) {
    // SQLite's own count of its memory costs a lock at each allocation, and nobody reads it.
    static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(configured);
    const int flags = SQLITE_OPEN_NOMUTEX | (mode == Mode::read ? SQLITE_OPEN_READONLY
                                                                : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    sqlite3* connection = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
    std::unique_ptr<Database> database(new Database(connection));
    if (opened != SQLITE_OK) return Error{"store", path + ": " + sqlite3_errmsg(connection)};
    sqlite3_busy_timeout(connection, busy_milliseconds);
    return database;
}

Result<Done> Database::run(const std::string& sql) {
    if (sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return error();
    return Done{};
}

std::int64_t Database::changes() const {
    return sqlite3_changes64(connection_);
}

Result<Statement*> Database::prepared(const std::string& sql) {
    if (prepared_.size() >= most_prepared) prepared_.clear();
    auto& kept = prepared_[sql];
    if (!kept) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v3(connection_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement,
                               nullptr) != SQLITE_OK) {
            prepared_.erase(sql);
            return error();
        }
        kept = std::make_unique<Statement>(statement);
    }
    kept->reset();
    return kept.get();
}

void Database::set_time_limit(std::chrono::milliseconds limit) {
    deadline_ = std::chrono::steady_clock::now() + limit;
    const auto look = [](void* database) {
        return std::chrono::steady_clock::now() > static_cast<const Database*>(database)->deadline_ ? 1 : 0;
    };
    sqlite3_progress_handler(connection_, steps_between_looks, look, this);
}

Error Database::error() const {
    return error_of(connection_);
}

}  // namespace patchbay::history
