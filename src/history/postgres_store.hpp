// CDRs in a PostgreSQL database: one writing connection, a pool of reading ones, a table for each month.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "history/months.hpp"
#include "history/postgres.hpp"
#include "history/store.hpp"

namespace patchbay::history {

/// Thread-safe. The server may go away and come back at any time: a connection that broke is made anew at the
/// next use, and a query that met a connection which had broken while idle is asked once more.
class PostgresStore final : public Store {
  public:
    /// `url`: as libpq takes it. Brings the database to the newest schema. Throws std::runtime_error when the
    /// server refuses; one that cannot be reached is tried again at each use.
    PostgresStore(std::string url, std::string node);
    ~PostgresStore() override;

    Result<Done> write(std::span<const Cdr> records, std::uint64_t journal_offset) override;
    Result<std::uint64_t> journal_offset() override;
    /// Errors as PostgresConnection's.
    Result<Page> query(const Filter& filter) override;
    /// One month's table each time.
    Result<bool> forget(Time month_start) override;

  private:
    using Connection = std::unique_ptr<PostgresConnection>;

    Result<Done> ready_to_write();
    template <typename Work>
    auto as_writer(Work work) -> decltype(work());
    Result<Done> write_all(std::span<const Cdr> records, std::uint64_t journal_offset);
    Result<const std::string*> insertion(Month month);
    Result<std::int64_t> domain_number(const std::string& name);
    Result<bool> forget_one(Time month_start);
    /// A reading connection with the domains it has met: their numbers stay.
    struct Reader {
        Connection connection;
        std::map<std::string, std::int64_t, std::less<>> domains{};
    };
    Reader idle_reader();
    static Result<std::int64_t> find_domain(Reader& reader, const std::string& name);
    static Result<Page> query_on(Reader& reader, const Filter& filter);

    const std::string url_, node_;
    std::mutex writing_;
    Connection writer_;  ///< none after an error
    std::map<std::string, std::int64_t, std::less<>> domains_;
    std::map<Month, std::string> insertions_;  ///< the SQL for each month whose table is known to be there
    std::mutex reading_;
    std::vector<Reader> idle_readers_;
};

}  // namespace patchbay::history
