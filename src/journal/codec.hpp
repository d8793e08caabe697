// Events as the journal's records and back. The format is stable: docs/formats/journal.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "call/event.hpp"

namespace patchbay::journal {

/// Appends the event as one whole record, line end included.
void encode(const call::Event& event, std::string& out);

/// The event of a record's JSON. Members it does not know are ignored. Error `bad_record` when it is no event
/// of a kind this version knows. Strings come back byte by byte, whatever they are.
Result<call::Event> decode(std::string_view json);

/// The offset of a record's JSON without decoding the rest; 0 when the record is no event.
std::uint64_t peek_offset(std::string_view json);

}  // namespace patchbay::journal
