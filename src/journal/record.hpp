// A record of the journal: one line, `CCCCCCCC {json}\n`, C being the CRC-32C of the JSON in lowercase hex.
// docs/formats/journal.md is the whole format.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchbay::journal {

/// Begins a record at the end of `out`: the JSON, without any line end in it, is to be appended next. Returns
/// what seal() needs.
std::size_t begin_record(std::string& out);
/// Ends the record that was begun there: fills in the checksum and ends the line.
void seal_record(std::string& out, std::size_t begun);

enum class RecordState {
    whole,    ///< `json` is as it was written
    partial,  ///< the bytes end before the line does
    damaged,  ///< the line is not what was written
};

struct RecordView {
    RecordState state = RecordState::partial;
    std::string_view json;  ///< into the bytes given; empty unless whole
    std::size_t size = 0;   ///< of the line with its end; when partial, of all that is there
};

/// The record at the beginning of `bytes`, checked.
RecordView first_record(std::string_view bytes);

}  // namespace patchbay::journal
