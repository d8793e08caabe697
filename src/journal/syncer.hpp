// Brings written bytes to the disk in the background, within a stated time, so that the store thread never
// waits for the disk.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "journal/files.hpp"

namespace patchbay::journal {

/// Syncs the file and records how long it took.
Result<Done> timed_sync(File& file);

/// One file at a time. Owns a thread.
class Syncer {
  public:
    /// A sync begins at most `within` after the first byte that needs it. `failed` is called on the syncer's
    /// thread when one failed; outcome() says why.
    Syncer(Milliseconds within, std::function<void()> failed);
    ~Syncer();
    Syncer(const Syncer&) = delete;
    Syncer& operator=(const Syncer&) = delete;

    struct Outcome {
        std::uint64_t synced = 0;    ///< so many bytes of the file are safe
        std::optional<Error> error;  ///< what went wrong since the last time it was asked
    };

    /// The file has that many bytes now.
    void written(std::shared_ptr<File> file, std::uint64_t size);
    Outcome outcome();
    /// Waits for a sync that is under way, forgets the file, and answers for it a last time.
    Outcome settle();

  private:
    void run();

    const Milliseconds within_;
    const std::function<void()> failed_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::shared_ptr<File> file_;  ///< none: nothing to sync
    std::uint64_t size_ = 0;
    Outcome outcome_;
    bool busy_ = false, stopping_ = false;
    std::thread thread_;
};

}  // namespace patchbay::journal
