// Looks after recordings that are whole, on a thread of low priority: finishes those that a crash left,
// makes them smaller, removes the old; and removes old faxes.
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

/// A folder with a folder for each day, and how old its files become; 0: nothing is removed.
struct Kept {
    std::filesystem::path folder;
    Seconds retention{0};
};

class RecordingKeeper {
  public:
    /// `format`: wav, flac or opus. Throws std::system_error when there is no thread.
    RecordingKeeper(Kept recordings, std::string format, Kept faxes);
    /// What was not made smaller yet is at the next start.
    ~RecordingKeeper();
    RecordingKeeper(const RecordingKeeper&) = delete;
    RecordingKeeper& operator=(const RecordingKeeper&) = delete;

    /// Any thread. A recording was finished under that name.
    void finished(std::filesystem::path wav);

  private:
    void run();
    void take_stock();
    static void remove_old(const Kept& kept);
    bool stopping();

    const Kept recordings_, faxes_;
    const std::string format_;
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
