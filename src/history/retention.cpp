#include "history/retention.hpp"

#include "base/log.hpp"
#include "history/months.hpp"

namespace patchbay::history {

Time kept_from(Time now, std::chrono::days keep) {
    return start_of(month_of(now - keep));
}

Retention::Retention(Store& store, Clock& clock, RetentionOptions options)
    : store_(store), clock_(clock), options_(options) {
    if (options_.keep.count() > 0) thread_ = std::thread([this] { run(); });
}

Retention::~Retention() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Retention::run() {
    while (!wait(forget_piece() ? options_.pause : options_.interval)) {
    }
}

// True when there may be more.
bool Retention::forget_piece() {
    const auto more = store_.forget(kept_from(clock_.now(), options_.keep));
    if (!more) log::warning("history", "old records stay for now: {}", more.error().text);
    return more && *more;
}

// True when it is time to stop.
bool Retention::wait(Milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return stopping_; });
}

}  // namespace patchbay::history
