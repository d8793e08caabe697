#include "history/history.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/metrics.hpp"

namespace patchbay::history {
namespace {

struct Meters {
    metrics::Counter& records =
        metrics::counter("patchbay_history_records_total", "CDRs written to the store");
    metrics::Counter& errors =
        metrics::counter("patchbay_history_errors_total", "Times that the store refused to write");
    metrics::Gauge& waiting =
        metrics::gauge("patchbay_history_waiting_records", "CDRs that the store has not taken");
    metrics::Gauge& store_up =
        metrics::gauge("patchbay_history_store_up", "1: the store takes CDRs; 0: it is away");
};

Meters& meters() {
    static Meters instance;
    return instance;
}

}  // namespace

History::History(Store& store, journal::Feed& feed, HistoryOptions options)
    : store_(store),
      feed_(feed),
      newest_at_start_(feed.newest()),
      options_(std::move(options)),
      set_aside_(options_.set_aside) {
    thread_ = std::thread([this] { run(); });
}

History::~History() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

// Asks the store where to go on, until it says so. False when it is time to stop.
bool History::find_start() {
    while (true) {
        const auto offset = store_.journal_offset();
        if (offset) {
            note(Done{});
            // A journal that was removed begins anew below the store's offset: its events count all the same.
            folded_ = checkpoint_ = std::min(*offset, newest_at_start_);
            complete_to_ = folded_;
            keeping_up_ = true;
            return true;
        }
        note(offset.error());
        if (wait(options_.retry)) return false;
    }
}

// On the store thread: takes the events, or leaves them on disk when too many wait.
void History::hear(std::span<const call::Event> events) {
    const std::scoped_lock lock(mutex_);
    if (behind_) return;
    if (waiting_.size() + events.size() > options_.most_waiting && !waiting_.empty()) {
        behind_ = true;
        keeping_up_ = false;
        return;
    }
    const bool was_empty = waiting_.empty();
    waiting_.insert(waiting_.end(), events.begin(), events.end());
    if (was_empty) changed_.notify_all();
}

void History::subscribe() {
    subscription_.reset();
    {
        const std::scoped_lock lock(mutex_);
        behind_ = false;
    }
    subscription_ = feed_.subscribe(folded_, [this](std::span<const call::Event> events) { hear(events); });
}

// True when it is time to stop.
bool History::wait(Milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return stopping_; });
}

void History::run() {
    if (!find_start()) return;
    subscribe();
    bool stopping = false;
    while (!stopping) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        }
        stopping = wait(last_batch_ < options_.busy_batch ? options_.batch_interval : options_.busy_interval);
        fold_waiting();
        last_batch_ = ready_.size();
        while (!write_ready() && !stopping) stopping = wait(options_.retry);
        bool behind = false, all_taken = false;
        {
            const std::scoped_lock lock(mutex_);
            behind = behind_;
            all_taken = waiting_.empty();
        }
        if (behind && all_taken) subscribe();
        keeping_up_ = !behind;
    }
    subscription_.reset();
}

void History::fold_waiting() {
    {
        const std::scoped_lock lock(mutex_);
        taken_.swap(waiting_);
    }
    for (const auto& event : taken_) {
        folded_ = std::max(folded_, event.offset);
        if (auto cdr = fold_.take(event)) ready_.push_back(std::move(*cdr));
    }
    taken_.clear();
}

// A record that the store will never take is looked for by halves, and set aside.
Result<Done> History::write(std::span<const Cdr> batch, std::uint64_t offset) {
    auto done = store_.write(batch, offset);
    if (done || done.error().code != "bad_record" || batch.empty()) return done;
    if (batch.size() == 1) {
        set_aside_.keep(batch.front(), done.error());
        return store_.write({}, offset);
    }
    const auto half = batch.size() / 2;
    // Only with the last half is history complete up to the offset.
    auto first = write(batch.first(half), checkpoint_);
    return first ? write(batch.subspan(half), offset) : first;
}

// False when the store refused; the records stay.
bool History::write_ready() {
    // Only with the last batch is history complete up to the fold's checkpoint.
    std::span<const Cdr> left = ready_;
    bool taken = true;
    while (!left.empty() && taken) {
        const auto batch = left.first(std::min(left.size(), options_.largest_batch));
        const bool is_last = batch.size() == left.size();
        const auto offset = is_last ? fold_.checkpoint() : checkpoint_;
        const auto done = write(batch, offset);
        note(done);
        taken = done.ok();
        if (taken) {
            meters().records.add(static_cast<double>(batch.size()));
            left = left.subspan(batch.size());
            checkpoint_ = offset;
        }
    }
    ready_.erase(ready_.begin(), ready_.end() - static_cast<std::ptrdiff_t>(left.size()));
    meters().waiting.set(static_cast<double>(ready_.size()));
    if (taken) complete_to_ = folded_;
    return taken;
}

// Counts every refusal, but logs only the first and the store's return.
void History::note(const Result<Done>& done) {
    meters().store_up.set(done ? 1 : 0);
    if (!done) {
        meters().errors.add();
        keeping_up_ = false;
    }
    const auto now = std::chrono::steady_clock::now();
    if (!done && !away_since_) {
        away_since_ = now;
        log::error("history",
                   "the store refuses: {}; {} CDRs wait, events wait in the journal, it is tried again",
                   done.error().text, ready_.size());
    } else if (done && away_since_) {
        const auto away = std::chrono::duration_cast<Seconds>(now - *away_since_);
        log::warning("history", "the store is back after {} s; {} CDRs waited", away.count(), ready_.size());
        away_since_.reset();
    }
}

}  // namespace patchbay::history
