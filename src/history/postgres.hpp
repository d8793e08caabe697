// libpq with owners and errors as values. Only for this room's .cpp files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "history/row.hpp"

struct pg_conn;
struct pg_result;

namespace patchbay::history {

/// The values of one statement, bound in order from 1. PostgreSQL takes only UTF-8 without NUL and indexes
/// only short texts: bytes that it would refuse become '?', and texts are cut at 1,000 bytes.
class PostgresValues final : public Bindings {
  public:
    /// `at` must be one past the last.
    void bind(int at, std::int64_t value) override;
    void bind(int at, std::string_view text) override;

    /// One pointer a value; valid until the next bind().
    std::vector<const char*> pointers() const;

  private:
    std::vector<std::string> texts_;
};

/// The rows of an answer, read in order.
class PostgresRows final : public Row {
  public:
    explicit PostgresRows(pg_result* result) : result_(result) {}

    /// To the next row; false after the last.
    bool next();
    std::int64_t number(int column) const override;
    std::string text(int column) const override;

  private:
    struct Clear {
        void operator()(pg_result* result) const;
    };
    std::unique_ptr<pg_result, Clear> result_;
    int row_ = -1;
};

/// One connection. Not thread-safe. Errors: `store_away` when the server cannot be reached or went away,
/// `store_busy`, `too_slow` (the session's statement_timeout), `bad_record` for values that no try makes fit,
/// `store` with the server's words for all else, such as a wrong URL or password.
class PostgresConnection {
  public:
    /// `settings`: SQL that is run at once.
    static Result<std::unique_ptr<PostgresConnection>> open(const std::string& url,
                                                            const std::string& settings);
    ~PostgresConnection();
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;

    /// Runs statements that give no rows.
    Result<Done> run(const std::string& sql);
    /// Prepared once for each text and kept, until many others were.
    Result<PostgresRows> ask(const std::string& sql, const PostgresValues& values);

    /// One statement with its values, among those of a transaction.
    struct Step {
        const std::string* sql;
        PostgresValues values;
    };
    /// Runs all in one transaction and one round trip; the first error undoes all.
    Result<Done> run_all(std::span<const Step> steps);

    /// It is of no more use.
    bool is_broken() const;

  private:
    explicit PostgresConnection(pg_conn* connection) : connection_(connection) {}
    Result<std::string> prepared(const std::string& sql);
    Result<Done> send_all(std::span<const Step> steps);
    Error error(const pg_result* result) const;

    pg_conn* connection_;
    std::unordered_map<std::string, std::string> names_;  ///< of prepared statements, by their text
};

}  // namespace patchbay::history
