// The recorder: takes what media threads tap, on a thread of its own, and writes it to files. Media never
// waits for it, and no disk is touched on any other thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "call/types.hpp"
#include "media/recording.hpp"
#include "media/recording_file.hpp"
#include "media/recording_ring.hpp"

namespace patchbay::media {

struct RecorderOptions {
    std::filesystem::path folder;
    std::size_t media_threads = 1;
    /// Called on the recorder's thread: this recording could not be written on. `reason`: `disk_full` or
    /// `disk_error`.
    std::function<void(LegId, Uuid, std::string_view reason)> failed{};
    /// Called on the recorder's thread: a recording is whole under this name.
    std::function<void(std::filesystem::path)> finished{};
    /// Makes the file; tests give a disk of their own.
    std::function<Result<RecordingFile>(Uuid, const RecordingFacts&, int rate)> create{};
};

/// A killed process loses at most the last second of a recording.
class Recorder {
  public:
    /// Starts the thread. Throws std::system_error when there is none.
    explicit Recorder(RecorderOptions options);
    /// Finishes every recording.
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Where that media thread, counted from 0, puts what it taps.
    RecordingRing& ring(std::size_t media_thread);

    /// Any thread. The number that taps give their packets; 0 when so much waits that none is begun.
    std::uint64_t begin(Uuid id, RecordingFacts facts, int rate);
    /// Any thread. `stopped` is final.
    void change(std::uint64_t recording, call::RecordingState state);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::media
