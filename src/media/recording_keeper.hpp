// Looks after recordings that are whole, on a thread of low priority: finishes those that a crash left,
// makes them smaller, removes the old.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace patchbay::media {

class RecordingKeeper {
  public:
    /// `format`: wav, flac or opus. `retention` 0: nothing is removed. Throws std::system_error when there is
    /// no thread.
    RecordingKeeper(std::filesystem::path folder, std::string format, Seconds retention);
    /// What was not made smaller yet is at the next start.
    ~RecordingKeeper();
    RecordingKeeper(const RecordingKeeper&) = delete;
    RecordingKeeper& operator=(const RecordingKeeper&) = delete;

    /// Any thread. A recording was finished under that name.
    void finished(std::filesystem::path wav);

  private:
    void run();
    void take_stock();
    void remove_old();
    bool stopping();

    const std::filesystem::path folder_;
    const std::string format_;
    const Seconds retention_;
    const Time started_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::filesystem::path> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

/// Writes the sound of `wav` beside it in that format (flac or opus) and removes it. Error `bad_audio`,
/// `disk_error`.
Result<std::filesystem::path> compress_recording(const std::filesystem::path& wav, const std::string& format);

}  // namespace patchbay::media
