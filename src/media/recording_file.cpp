#include "media/recording_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"

namespace patchbay::media {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t header_size = 44;
constexpr std::uint32_t channels = 2, sample_bytes = 2;
constexpr std::uintmax_t least_room = 28'000'000;  // bytes: a quarter of an hour at 8 kHz
using Header = std::array<std::uint8_t, header_size>;

Error failure(int reason) {
    const bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
    return {full ? "disk_full" : "disk_error", std::generic_category().message(reason)};
}

/// The header of a WAV file with that many bytes of audio; past 4 GiB it says the most it can.
Header header_of(int rate, std::uint64_t bytes) {
    const auto put = [](std::uint8_t* to, std::uint32_t value, int size) {
        for (int i = 0; i < size; ++i) to[i] = static_cast<std::uint8_t>(value >> (8 * i));
    };
    const auto name = [](std::uint8_t* to, std::string_view text) { std::ranges::copy(text, to); };
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max() - header_size;
    const auto size = static_cast<std::uint32_t>(std::min(bytes, most));
    const auto frequency = static_cast<std::uint32_t>(rate);
    Header header{};
    std::uint8_t* at = header.data();
    name(at, "RIFF");
    put(at + 4, size + header_size - 8, 4);
    name(at + 8, "WAVEfmt ");
    put(at + 16, 16, 4);
    put(at + 20, 1, 2);
    put(at + 22, channels, 2);
    put(at + 24, frequency, 4);
    put(at + 28, frequency * channels * sample_bytes, 4);
    put(at + 32, channels * sample_bytes, 2);
    put(at + 34, 8 * sample_bytes, 2);
    name(at + 36, "data");
    put(at + 40, size, 4);
    return header;
}

/// Writes all of it at that place, or at the end of what was written.
Result<Done> write_all(int file, const void* from, std::size_t size, std::uint64_t at) {
    const auto* bytes = static_cast<const std::uint8_t*>(from);
    while (size > 0) {
        const ssize_t done = ::pwrite(file, bytes, size, static_cast<off_t>(at));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return failure(done < 0 ? errno : ENOSPC);
        bytes += done;
        size -= static_cast<std::size_t>(done);
        at += static_cast<std::uint64_t>(done);
    }
    return Done{};
}

Result<fs::path> name_finished(const fs::path& stem) {
    std::error_code problem;
    const fs::path live = stem.string() + std::string(live_ending), done = stem.string() + ".wav";
    fs::rename(live, done, problem);
    if (problem) return failure(problem.value());
    return done;
}

Result<Done> write_facts(const fs::path& stem, const RecordingFacts& facts) {
    const auto path = stem.string() + ".json";
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
    if (!file) return failure(errno);
    const auto text = json_of(facts);
    return write_all(file.get(), text.data(), text.size(), 0);
}

}  // namespace

fs::path recording_stem(const fs::path& folder, Uuid id) {
    return folder / date_time(id.time(), '-').substr(0, 10) / id.text();
}

Result<Done> check_room(const fs::path& folder, std::uintmax_t bytes) {
    std::error_code problem;
    const auto space = fs::space(folder, problem);
    if (problem) return failure(problem.value());
    return space.available < bytes ? Result<Done>(failure(ENOSPC)) : Result<Done>(Done{});
}

Result<RecordingFile> RecordingFile::create(const fs::path& folder, Uuid id, const RecordingFacts& facts,
                                            int rate) {
    const auto stem = recording_stem(folder, id);
    std::error_code problem;
    fs::create_directories(stem.parent_path(), problem);
    if (problem) return failure(problem.value());
    if (auto room = check_room(stem.parent_path(), least_room); !room) return room.error();
    if (auto written = write_facts(stem, facts); !written) return written.error();
    const auto path = stem.string() + std::string(live_ending);
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
    if (!file) return failure(errno);
    const auto header = header_of(rate, 0);
    if (auto written = write_all(file.get(), header.data(), header.size(), 0); !written)
        return written.error();
    return RecordingFile(std::move(file), stem, rate);
}

Result<Done> RecordingFile::append(std::span<const std::int16_t> samples) {
    auto written = write_all(file_.get(), samples.data(), samples.size_bytes(), header_size + bytes_);
    if (written) bytes_ += samples.size_bytes();
    return written;
}

Result<fs::path> RecordingFile::finish() {
    const auto header = header_of(rate_, bytes_);
    // A full disk may have taken half a sample: what the header counts is all there is.
    if (::ftruncate(file_.get(), static_cast<off_t>(header_size + bytes_)) != 0) return failure(errno);
    if (auto written = write_all(file_.get(), header.data(), header.size(), 0); !written)
        return written.error();
    file_.reset();
    return name_finished(stem_);
}

Result<fs::path> repair_recording(const fs::path& live) {
    const Descriptor file(::open(live.c_str(), O_RDWR | O_CLOEXEC));
    if (!file) return failure(errno);
    struct stat facts {};
    Header header{};
    if (::fstat(file.get(), &facts) != 0) return failure(errno);
    const auto size = static_cast<std::uint64_t>(facts.st_size);
    int rate = 8000;
    if (::pread(file.get(), header.data(), header.size(), 0) == header_size) {
        rate = header[24] | header[25] << 8 | header[26] << 16;
    }
    constexpr std::uint64_t frame = channels * sample_bytes;
    const std::uint64_t bytes = size > header_size ? (size - header_size) / frame * frame : 0;
    header = header_of(rate, bytes);
    if (auto written = write_all(file.get(), header.data(), header.size(), 0); !written)
        return written.error();
    if (::ftruncate(file.get(), static_cast<off_t>(header_size + bytes)) != 0) return failure(errno);
    const auto path = live.string();
    return name_finished(path.substr(0, path.size() - live_ending.size()));
}

}  // namespace patchbay::media
