// CDRs in an embedded SQLite database: WAL, one writing connection, a reading one for each query that runs.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "history/store.hpp"

namespace patchbay::history {

class Database;

/// Thread-safe. After an error the connection is opened anew at the next use, so a database that was away can
/// come back.
class SqliteStore final : public Store {
  public:
    /// Opens or makes the database and brings it to the newest schema. Throws std::runtime_error when that
    /// cannot be done.
    explicit SqliteStore(std::string path);
    ~SqliteStore() override;

    Result<Done> write(std::span<const Cdr> records, std::uint64_t journal_offset) override;
    Result<std::uint64_t> journal_offset() override;
    /// Errors: `store_busy`, `too_slow` (past five seconds), `store`.
    Result<Page> query(const Filter& filter) override;
    Result<bool> forget(Time month_start) override;

  private:
    Result<Done> open_writer();
    Result<Done> write_all(std::span<const Cdr> records, std::uint64_t journal_offset);
    Result<Done> insert(const Cdr& cdr);
    Result<std::int64_t> domain_number(const std::string& name);
    Result<Page> query_on(Database& reader, const Filter& filter);

    const std::string path_;
    std::mutex writing_;
    std::unique_ptr<Database> writer_;  ///< none after an error
    std::map<std::string, std::int64_t, std::less<>> domains_;
    std::mutex reading_;
    std::vector<std::unique_ptr<Database>> idle_readers_;
};

}  // namespace patchbay::history
