#include "journal/syncer.hpp"

#include <chrono>
#include <utility>

#include "base/metrics.hpp"

namespace patchbay::journal {

Result<Done> timed_sync(File& file) {
    static auto& seconds =
        metrics::histogram("patchbay_journal_sync_seconds", "Time that a sync of the journal took",
                           {0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2});
    const auto begin = std::chrono::steady_clock::now();
    auto done = file.sync();
    seconds.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    return done;
}

Syncer::Syncer(Milliseconds within, std::function<void()> failed)
    : within_(within), failed_(std::move(failed)), thread_([this] { run(); }) {}

Syncer::~Syncer() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Syncer::written(std::shared_ptr<File> file, std::uint64_t size) {
    const std::scoped_lock lock(mutex_);
    size_ = size;
    if (file_) return;
    file_ = std::move(file);
    changed_.notify_all();
}

Syncer::Outcome Syncer::outcome() {
    const std::scoped_lock lock(mutex_);
    return {outcome_.synced, std::exchange(outcome_.error, std::nullopt)};
}

Syncer::Outcome Syncer::settle() {
    std::unique_lock lock(mutex_);
    file_.reset();
    changed_.wait(lock, [this] { return !busy_; });
    return std::exchange(outcome_, Outcome{});
}

void Syncer::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || file_; });
        if (!stopping_) changed_.wait_for(lock, within_, [this] { return stopping_; });
        if (stopping_) return;
        const auto file = std::exchange(file_, nullptr);
        if (!file) continue;  // settled meanwhile
        const auto size = size_;
        busy_ = true;
        lock.unlock();
        auto done = timed_sync(*file);
        lock.lock();
        busy_ = false;
        if (done) {
            outcome_.synced = size;
        } else {
            outcome_.error = done.error();
        }
        changed_.notify_all();
        if (!done) {
            lock.unlock();
            failed_();
            lock.lock();
        }
    }
}

}  // namespace patchbay::journal
