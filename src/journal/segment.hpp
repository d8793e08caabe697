// The journal's files: segments, each named by the offset of its first event and beginning with a header
// record that says which calls were open, so that a start reads no more than the newest one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "journal/open_calls.hpp"

namespace patchbay::journal {

struct Segment {
    std::uint64_t first = 0;  ///< offset of its first event
    std::string path;
    Time began{};  ///< time of the newest event before it; the epoch when there was none
};

/// The file name of the segment that begins with that offset, and back.
std::string segment_name(std::uint64_t first);
std::optional<std::uint64_t> segment_first(std::string_view name);

/// Appends the header record of a segment that begins after those events.
void encode_header(const OpenCalls& before, std::string& out);
/// What encode_header() was given. Error `bad_record` when the JSON is no header.
Result<OpenCalls> decode_header(std::string_view json);

}  // namespace patchbay::journal
