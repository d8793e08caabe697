// What a start finds in the journal's folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "journal/files.hpp"
#include "journal/open_calls.hpp"
#include "journal/segment.hpp"

namespace patchbay::journal {

struct Opened {
    std::vector<Segment> segments;  ///< oldest first
    OpenCalls open;                 ///< what was open after the newest event
    std::uint64_t next_offset = 1;  ///< for the first event of this run
};

/// Reads the newest segment, cuts off what a power cut or kill left half written, and says where to go on.
/// Offsets of one run follow one another; each run begins at a higher million, so that no offset is given
/// twice even when a power cut cost events that somebody had heard of.
Result<Opened> open_folder(Files& files, const std::string& folder);

}  // namespace patchbay::journal
