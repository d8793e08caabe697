// Recordings and faxes that are whole, by their UUID: where they are, who may have them, and a line for each
// reading. One archive keeps the one or the other.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/uuid.hpp"
#include "media/recording.hpp"

namespace patchbay::media {

struct StoredRecording {
    std::filesystem::path path;
    std::string content_type;
    RecordingFacts facts;
};

/// Who reads, as the audit writes it.
struct RecordingReader {
    std::string_view dialect;  ///< "ecss", "ringme"
    std::string_view who;      ///< an operator, an application
    std::string_view address;
};

/// Any thread. Opens and reads small files.
class RecordingArchive {
  public:
    explicit RecordingArchive(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Nothing when there is none, or it is still being written.
    std::optional<StoredRecording> find(Uuid id) const;
    /// Writes to the log and to FOLDER/reads.log who asked for it, and what they got (an HTTP status).
    void note_read(Uuid id, const RecordingReader& reader, int status);

  private:
    const std::filesystem::path folder_;
    std::mutex writing_;
};

}  // namespace patchbay::media
