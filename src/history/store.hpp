// Where CDRs are kept and asked for. One interface; SQLite (sqlite_store.hpp) or PostgreSQL
// (postgres_store.hpp) behind it, with the same results.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "history/cdr.hpp"

namespace patchbay::history {

/// Where the next page begins: after the record that started then and has that leg id, newest first.
struct Cursor {
    Time started{};
    LegId leg;
};

/// Which CDRs. Empty members do not filter. "a" is the calling side, "b" the called one.
struct Filter {
    std::string domain{};  ///< always set
    /// Records of this operator's own legs (operator_call_history), but for those that supervised.
    std::string operator_id{};
    std::optional<Time> from{}, to{};           ///< of the start, both included
    std::string number{};                       ///< either side
    std::string from_number{}, to_number{};     ///< side a, side b
    std::string group{}, group_a{}, group_b{};  ///< of the operator on either side, on a, on b
    std::string agent{}, agent_a{}, agent_b{};  ///< operator ids
    std::string display_name{}, display_name_a{}, display_name_b{};
    std::optional<call::Direction> direction{};
    bool skip_incomplete = true;  ///< leaves out legs that never rang
    bool shown = false;           ///< each call once (Cdr::shown), not each leg
    std::optional<Cursor> after{};
    int offset = 0;
    int limit = 50;
};

struct Page {
    std::vector<Cdr> records;  ///< newest start first, then highest leg id
    bool more = false;
};

/// Thread-safe: one writer, any number of readers.
class Store {
  public:
    virtual ~Store() = default;
    /// Writes the records and the journal offset up to which history is complete, in one transaction. A
    /// record whose leg is there already is left as it is. Error `bad_record`: one of them will never be
    /// taken, and none was written.
    virtual Result<Done> write(std::span<const Cdr> records, std::uint64_t journal_offset) = 0;
    /// The offset that was written last; 0 in a new store.
    virtual Result<std::uint64_t> journal_offset() = 0;
    virtual Result<Page> query(const Filter& filter) = 0;
    /// Removes the records of legs that started before that time, which begins a month; a bounded piece of
    /// them, so that writing waits little. True when there may be more.
    virtual Result<bool> forget(Time month_start) = 0;
};

/// The store that the configuration's `storage.url` names: `sqlite:PATH`, whose folder is made when missing,
/// or `postgresql://…`. `node`: whose journal it is, where several servers write to one store. Throws
/// std::runtime_error when it cannot be used; a PostgreSQL server that is away is waited for instead.
std::unique_ptr<Store> open_store(const std::string& url, const std::string& node = "node1");

/// Keeps other servers from the same SQLite file until the result goes: they would write over each other's
/// journal offset. PostgreSQL may be shared: nothing is held. Throws std::runtime_error when another has it.
Descriptor claim_store(const std::string& url);

/// Runs queries away from the threads that ask.
class Reader {
  public:
    virtual ~Reader() = default;
    /// Any thread. `done` is called once, on a reader's thread; or at once with error `overloaded` when too
    /// much waits.
    virtual void query(Filter filter, std::function<void(Result<Page>)> done) = 0;
};

}  // namespace patchbay::history
