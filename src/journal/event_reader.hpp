// Reads events back from the segments, for subscribers that are behind.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "call/event.hpp"
#include "journal/files.hpp"
#include "journal/record_reader.hpp"
#include "journal/segment.hpp"

namespace patchbay::journal {

/// On the store thread only; the list of segments may grow and lose its oldest between reads. A damaged
/// record is logged, counted and left out.
class EventReader {
  public:
    /// Reads what has an offset above `after`. `files` and `segments` must outlive it.
    EventReader(Files& files, const std::vector<Segment>& segments, std::uint64_t after)
        : files_(files), segments_(segments), after_(after) {}

    enum class Progress { more, end, failed };

    /// Replaces `out` with the next few hundred events. `end`: there are no more now. `failed`: the file
    /// could not be read; asking again tries again.
    Progress read(std::vector<call::Event>& out);

  private:
    const Segment* next_segment() const;
    bool open_next();
    void take(const RecordView& record, std::vector<call::Event>& out);

    Files& files_;
    const std::vector<Segment>& segments_;
    std::uint64_t after_;      ///< the newest offset handed out
    std::uint64_t first_ = 0;  ///< of the segment that is open
    std::optional<RecordReader> reader_;
};

}  // namespace patchbay::journal
