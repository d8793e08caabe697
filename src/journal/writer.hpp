// The writing end of the journal: whole groups of records onto the newest segment. What a failed disk did not
// keep stays in memory and is written again.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "journal/files.hpp"
#include "journal/syncer.hpp"

namespace patchbay::journal {

/// Not thread-safe: the store thread's. Every error leaves it fit to be asked again.
class Writer {
  public:
    /// `sync`: how long a written byte may stay unsynced; 0: append() syncs. `failed` is called on another
    /// thread when a sync in the background failed: tend() is wanted.
    Writer(Files& files, std::string folder, Milliseconds sync, std::function<void()> failed);

    /// The next append goes to a new segment of that name, which begins with `header`; `room`: bytes set
    /// aside for it.
    void begin_segment(std::string name, std::string header, std::uint64_t room);
    /// Bytes in the segment; 0 before the first one was begun.
    std::uint64_t size() const { return next_ ? 0 : size_; }

    /// Writes the group, all of it or, with an error, nothing that counts: then the same group is to be given
    /// again.
    Result<Done> append(std::string_view group);
    /// Mends what went wrong in the background.
    Result<Done> tend();
    /// Returns when everything appended is safe from a power cut.
    Result<Done> flush();

  private:
    struct Next {
        std::string name, header;
        std::uint64_t room;
    };
    struct Chunk {
        std::uint64_t end = 0;  ///< position after it
        std::string bytes;
    };

    void note(const Syncer::Outcome& outcome);
    Result<Done> mend();
    Result<Done> open_next();
    Result<Done> write_all(File& file, std::string_view bytes);

    Files& files_;
    const std::string folder_;
    const Milliseconds sync_;
    std::optional<Next> next_;  ///< the segment to begin
    std::shared_ptr<File> file_;
    std::uint64_t size_ = 0;      ///< bytes of whole groups in the file
    bool has_room_ = false;       ///< set aside for the file, and not given back yet
    bool torn_ = false;           ///< the file may have more than size_ bytes
    bool lost_ = false;           ///< a sync failed: the disk may have dropped what was not synced
    std::deque<Chunk> unsynced_;  ///< copies of what a power cut could still cost
    std::optional<Syncer> syncer_;
};

}  // namespace patchbay::journal
