#include "journal/writer.hpp"

#include <utility>

#include "base/log.hpp"

namespace patchbay::journal {

Writer::Writer(Files& files, std::string folder, Milliseconds sync, std::function<void()> failed)
    : files_(files), folder_(std::move(folder)), sync_(sync) {
    if (sync_ > Milliseconds{0}) syncer_.emplace(sync_, std::move(failed));
}

void Writer::begin_segment(std::string name, std::string header, std::uint64_t room) {
    next_ = Next{std::move(name), std::move(header), room};
}

Result<Done> Writer::append(std::string_view group) {
    if (auto ready = tend(); !ready) return ready;
    if (next_) {
        if (auto opened = open_next(); !opened) return opened;
    }
    if (auto written = write_all(*file_, group); !written) {
        torn_ = true;
        return written;
    }
    size_ += group.size();
    if (syncer_) {
        unsynced_.push_back({size_, std::string(group)});
        syncer_->written(file_, size_);
        return Done{};
    }
    auto synced = timed_sync(*file_);
    if (!synced) {  // it will be given again; what came before is safe
        size_ -= group.size();
        torn_ = true;
    }
    return synced;
}

Result<Done> Writer::tend() {
    if (syncer_) note(syncer_->outcome());
    return mend();
}

Result<Done> Writer::flush() {
    if (!file_) return Done{};
    if (syncer_) note(syncer_->settle());
    if (auto mended = mend(); !mended) return mended;
    if (auto synced = timed_sync(*file_); !synced) {
        lost_ = true;
        return synced;
    }
    unsynced_.clear();
    if (!std::exchange(has_room_, false)) return Done{};
    return file_->truncate(size_);
}

void Writer::note(const Syncer::Outcome& outcome) {
    while (!unsynced_.empty() && unsynced_.front().end <= outcome.synced) unsynced_.pop_front();
    if (outcome.error) {
        log::error("journal", "the disk did not keep what was written: {}", outcome.error->text);
        lost_ = true;
    }
}

// After a failed sync the kernel may hold pages as clean that never reached the disk, so the bytes themselves
// are written again.
Result<Done> Writer::mend() {
    if (!torn_ && !lost_) return Done{};
    if (lost_ && syncer_) note(syncer_->settle());
    const auto keep =
        lost_ && !unsynced_.empty() ? unsynced_.front().end - unsynced_.front().bytes.size() : size_;
    if (auto cut = file_->truncate(keep); !cut) return cut;
    if (lost_) {
        for (const auto& chunk : unsynced_)
            if (auto written = write_all(*file_, chunk.bytes); !written) return written;
        if (auto synced = timed_sync(*file_); !synced) return synced;
        unsynced_.clear();
    }
    torn_ = lost_ = false;
    return Done{};
}

Result<Done> Writer::open_next() {
    if (auto flushed = flush(); !flushed) return flushed;
    auto file = files_.open(folder_ + "/" + next_->name, true);
    if (!file) return file.error();
    // A file system that has to find room when it syncs holds up whoever appends meanwhile: until the disk
    // has answered, and longer where others sync, too.
    (*file)->reserve(next_->room);
    if (auto written = write_all(**file, next_->header); !written) return written;
    if (auto synced = timed_sync(**file); !synced) return synced;
    if (auto named = files_.sync_folder(folder_); !named) return named;
    file_ = std::move(*file);
    size_ = next_->header.size();
    has_room_ = true;
    next_.reset();
    return Done{};
}

Result<Done> Writer::write_all(File& file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto taken = file.append(bytes);
        if (!taken) return taken.error();
        bytes.remove_prefix(*taken);
    }
    return Done{};
}

}  // namespace patchbay::journal
