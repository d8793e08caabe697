#include "media/recording_archive.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <boost/json.hpp>

#include "base/log.hpp"
#include "base/text.hpp"
#include "media/recording_file.hpp"

namespace patchbay::media {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kinds{
    {{".wav", "audio/wav"}, {".flac", "audio/flac"}, {".opus", "audio/ogg"}, {".pdf", "application/pdf"}}};

std::optional<RecordingFacts> read_facts(const fs::path& stem) {
    std::ifstream file(stem.string() + ".json", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return facts_from_json(text);
}

}  // namespace

std::optional<StoredRecording> RecordingArchive::find(Uuid id) const {
    const auto stem = recording_stem(folder_, id);
    std::error_code ignored;
    for (const auto& [ending, type] : kinds) {
        const fs::path path = stem.string() + std::string(ending);
        if (!fs::exists(path, ignored)) continue;
        auto facts = read_facts(stem);
        if (!facts) return std::nullopt;
        return StoredRecording{path, std::string(type), std::move(*facts)};
    }
    return std::nullopt;
}

void RecordingArchive::note_read(Uuid id, const RecordingReader& reader, int status) {
    const auto now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    // As JSON: nobody's name begins a line or a member.
    const auto line = boost::json::serialize(boost::json::object{{"time", date_time(now, '-')},
                                                                 {"recording", id.text()},
                                                                 {"dialect", reader.dialect},
                                                                 {"who", reader.who},
                                                                 {"address", reader.address},
                                                                 {"status", status}});
    log::info("audit", "recording read: {}", line);
    const std::scoped_lock lock(writing_);
    std::ofstream file(folder_ / "reads.log", std::ios::app);
    file << line << '\n';
    file.flush();
    if (!file) log::error("media", "the reading of recording {} cannot be noted on disk", id.text());
}

}  // namespace patchbay::media
