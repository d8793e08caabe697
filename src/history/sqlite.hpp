// SQLite's C interface with owners and errors as values. Only for this room's .cpp files.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "history/row.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace patchbay::history {

/// A prepared statement, bound from 1 and read from column 0. Not thread-safe.
class Statement final : public Bindings, public Row {
  public:
    explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
    ~Statement() override;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    void bind(int at, std::int64_t value) override;
    /// The text must stay where it is until reset().
    void bind(int at, std::string_view text) override;
    /// True when there is a row; false when it is done.
    Result<bool> step();
    /// Ready to be bound and run again.
    void reset();

    std::int64_t number(int column) const override;
    std::string text(int column) const override;

  private:
    sqlite3_stmt* statement_;
};

/// One connection. Not thread-safe.
class Database {
  public:
    enum class Mode { read, write };

    /// Error `store` with SQLite's own words; `store_busy` when another process holds it.
    static Result<std::unique_ptr<Database>> open(const std::string& path, Mode mode);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Runs statements that give no rows.
    Result<Done> run(const std::string& sql);
    /// How many rows the last statement changed.
    std::int64_t changes() const;
    /// Prepared once for each text and kept, until many others were. The statement is reset, and valid until
    /// the next one is asked for.
    Result<Statement*> prepared(const std::string& sql);
    /// What the next statements may take together; past it they end with error `too_slow`.
    void set_time_limit(std::chrono::milliseconds limit);

  private:
    explicit Database(sqlite3* connection);
    Error error() const;

    sqlite3* connection_;
    std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
    std::unordered_map<std::string, std::unique_ptr<Statement>> prepared_;
};

}  // namespace patchbay::history
