// One recording on disk while it grows: a WAV file (RIFF, 16-bit PCM, two channels) under a name that says it
// is not finished, and what is known of it beside.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "base/uuid.hpp"
#include "media/recording.hpp"

namespace patchbay::media {

/// Where a recording's files are, without their ending: FOLDER/YYYY-MM-DD/UUID, by the UTC day it began.
std::filesystem::path recording_stem(const std::filesystem::path& folder, Uuid id);

/// `disk_full` when the folder's disk has no room for so many bytes.
Result<Done> check_room(const std::filesystem::path& folder, std::uintmax_t bytes);

/// The ending of a recording that is still written, or was when the process died.
inline constexpr std::string_view live_ending = ".wav.live";

/// Written by one thread. Errors carry `disk_full` or `disk_error`.
class RecordingFile {
  public:
    /// Makes the folder of the day, the file with an empty header, and UUID.json beside it. Refuses where the
    /// disk has room for a quarter of an hour at most.
    static Result<RecordingFile> create(const std::filesystem::path& folder, Uuid id,
                                        const RecordingFacts& facts, int rate);
    /// For tests: writes to a descriptor of any kind.
    RecordingFile(Descriptor file, std::filesystem::path stem, int rate)
        : file_(std::move(file)), stem_(std::move(stem)), rate_(rate) {}

    /// Samples of both channels, interleaved.
    Result<Done> append(std::span<const std::int16_t> samples);
    /// Writes the true header and gives the file its name: UUID.wav.
    Result<std::filesystem::path> finish();

  private:
    Descriptor file_;
    std::filesystem::path stem_;
    int rate_;
    std::uint64_t bytes_ = 0;  ///< of audio
};

/// Finishes a file that a crash left: its header is made to fit its size. The new path.
Result<std::filesystem::path> repair_recording(const std::filesystem::path& live);

}  // namespace patchbay::media
