// A CDR as a row of the table `cdr` and back, whatever the store. The table knows sides a and b; the CDR
// knows own and other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "history/cdr.hpp"

namespace patchbay::history {

/// A record's id holds its leg and what filters ask most: `leg << 3 | kind`. So every index ends in the leg's
/// order and answers those filters without touching the record. `turned`: a called party's record is shown
/// and a caller's is not, but this one is the other way round (Cdr::shown).
namespace kind {
inline constexpr std::int64_t rang = 1, turned = 2, out = 4;
inline constexpr int bits = 3;
}  // namespace kind

/// Legs above this have no record id: the bits of the leg after it would not fit (IdSource reaches it in
/// 2112).
inline constexpr std::uint64_t highest_leg = (1ULL << 60) - 2;

/// The lowest and the highest record id of the leg.
std::int64_t first_id(LegId leg);
std::int64_t last_id(LegId leg);
std::int64_t record_id(const Cdr& cdr);

/// Takes the values of a statement, counted from 1.
class Bindings {
  public:
    virtual ~Bindings() = default;
    virtual void bind(int at, std::int64_t value) = 0;
    /// The text must stay where it is until the statement has run.
    virtual void bind(int at, std::string_view text) = 0;
};

/// A row that was read; columns are counted from 0.
class Row {
  public:
    virtual ~Row() = default;
    virtual std::int64_t number(int column) const = 0;
    virtual std::string text(int column) const = 0;
};

/// The columns of a record as they are read, and what each is: a number or a text.
inline constexpr std::string_view record_columns =
    "id,call,started,answered,released,held,role,released_by,sip,cause,"
    "a_number,a_name,a_operator,a_group,b_number,b_name,b_operator,b_group,"
    "called_number,called_did,trunk,queue,urls,"
    "codec,packets_in,packets_out,lost_in,lost_out,jitter,round_trip,mos,"
    "distributed,agent_answered";
inline constexpr std::string_view record_types = "nnnnnnnnntttttttttttttttnnnnnnnnn";
/// What follows the columns where bind_record() puts them.
inline constexpr int domain_at = static_cast<int>(record_types.size()) + 1;
inline constexpr int first_id_at = domain_at + 1, last_id_at = domain_at + 2;

/// The operator whose own history has the record: SQL of what bind_record() bound, each number after
/// `parameter`, '?' or '$'. Empty for who supervised.
std::string own_operator_sql(char parameter);

/// The addresses of recordings and faxes as the table keeps them: a line each, those of faxes after `fax ` or
/// `failed fax `.
std::string joined_urls(const Cdr& cdr);
/// Binds record_columns from 1, then the domain's number and the leg's first and last id. The CDR and `urls`,
/// made by joined_urls(), must stay where they are until the statement has run.
void bind_record(Bindings& bindings, const Cdr& cdr, const std::string& urls, std::int64_t domain);
/// The record of a row of record_columns.
Cdr read_record(const Row& row, const std::string& domain);

}  // namespace patchbay::history
