#include "media/recording_keeper.hpp"

#include <array>
#include <memory>
#include <system_error>
#include <utility>

#include <sndfile.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/thread.hpp"
#include "base/uuid.hpp"
#include "media/recording_file.hpp"

namespace patchbay::media {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto between_removals = 10min;
constexpr std::size_t uuid_length = 36;

Time wall_time() {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

using Sound = std::unique_ptr<SNDFILE, decltype(&sf_close)>;

/// The recording or fax a file belongs to, by its name.
Uuid recording_of(const fs::path& path) {
    return Uuid::parse(path.filename().string().substr(0, uuid_length)).value_or(Uuid{});
}

/// Calls `visit` for each file in the folders of the days.
template <typename Visit>
void each_file(const fs::path& folder, Visit visit) {
    std::error_code problem;
    for (fs::directory_iterator day(folder, problem), end; !problem && day != end; day.increment(problem)) {
        std::error_code inner;
        if (!day->is_directory(inner)) continue;
        for (fs::directory_iterator file(day->path(), inner); !inner && file != end; file.increment(inner))
            visit(file->path());
    }
}

}  // namespace

Result<fs::path> compress_recording(const fs::path& wav, const std::string& format) {
    const int kind = format == "flac" ? SF_FORMAT_FLAC | SF_FORMAT_PCM_16 : SF_FORMAT_OGG | SF_FORMAT_OPUS;
    SF_INFO info{};
    const Sound from(sf_open(wav.c_str(), SFM_READ, &info), &sf_close);
    if (!from) return Error{"bad_audio", sf_strerror(nullptr)};
    info.format = kind;
    auto done = wav;
    done.replace_extension("." + format);
    const fs::path part = done.string() + ".part";
    Sound to(sf_open(part.c_str(), SFM_WRITE, &info), &sf_close);
    if (!to) return Error{"bad_audio", sf_strerror(nullptr)};
    std::array<short, 8192> samples{};
    const auto frames = static_cast<sf_count_t>(samples.size()) / info.channels;
    for (sf_count_t got = 0; (got = sf_readf_short(from.get(), samples.data(), frames)) > 0;) {
        if (sf_writef_short(to.get(), samples.data(), got) != got)
            return Error{"disk_error", sf_strerror(to.get())};
    }
    if (sf_close(to.release()) != 0) return Error{"disk_error", "the file cannot be closed"};
    std::error_code problem;
    fs::rename(part, done, problem);
    if (problem) return Error{"disk_error", problem.message()};
    fs::remove(wav, problem);
    return done;
}

RecordingKeeper::RecordingKeeper(Kept recordings, std::string format, Kept faxes)
    : recordings_(std::move(recordings)),
      faxes_(std::move(faxes)),
      format_(std::move(format)),
      started_(wall_time()) {
    thread_ = start_thread("recordings", [this] { run(); });
}

RecordingKeeper::~RecordingKeeper() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void RecordingKeeper::finished(fs::path wav) {
    if (format_ == "wav") return;
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(std::move(wav));
    changed_.notify_all();
}

bool RecordingKeeper::stopping() {
    const std::scoped_lock lock(mutex_);
    return stopping_;
}

void RecordingKeeper::run() {
    static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19));
    take_stock();
    auto next_removal = std::chrono::steady_clock::now();
    while (true) {
        fs::path next;
        {
            std::unique_lock lock(mutex_);
            changed_.wait_until(lock, next_removal, [this] { return stopping_ || !waiting_.empty(); });
            if (stopping_) return;
            if (!waiting_.empty()) {
                next = std::move(waiting_.front());
                waiting_.pop_front();
            }
        }
        if (!next.empty()) {
            if (const auto done = compress_recording(next, format_); !done)
                log::error("media", "recording {} stays as it is: {}", next.string(), done.error().text);
        }
        if (std::chrono::steady_clock::now() < next_removal) continue;
        remove_old(recordings_);
        remove_old(faxes_);
        next_removal = std::chrono::steady_clock::now() + between_removals;
    }
}

/// What an earlier run left: files that were being written are finished, those not yet made smaller wait.
void RecordingKeeper::take_stock() {
    static auto& repaired = metrics::counter("patchbay_recordings_repaired_total",
                                             "Recordings finished at the start because a crash left them");
    each_file(recordings_.folder, [&](const fs::path& path) {
        const auto name = path.filename().string();
        const Uuid id = recording_of(path);
        if (stopping() || !id || id.time() >= started_) return;
        if (name.ends_with(".part")) {
            std::error_code ignored;
            fs::remove(path, ignored);
        } else if (name.ends_with(live_ending)) {
            const auto done = repair_recording(path);
            if (!done) return log::error("media", "recording {}: {}", path.string(), done.error().text);
            repaired.add();
            finished(*done);
        } else if (name.ends_with(".wav")) {
            finished(path);
        }
    });
}

void RecordingKeeper::remove_old(const Kept& kept) {
    if (kept.retention.count() == 0) return;
    const Time oldest = wall_time() - kept.retention;
    std::size_t removed = 0;
    each_file(kept.folder, [&](const fs::path& path) {
        const Uuid id = recording_of(path);
        std::error_code problem;
        if (id && id.time() < oldest && fs::remove(path, problem)) ++removed;
    });
    if (removed > 0)
        log::info("media", "{} files past their time removed from {}", removed, kept.folder.string());
}

}  // namespace patchbay::media
