#include "journal/journal.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <poll.h>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/turns.hpp"
#include "journal/codec.hpp"
#include "journal/opening.hpp"
#include "journal/subscribers.hpp"
#include "journal/writer.hpp"

namespace patchbay::journal {
namespace {

using std::chrono::steady_clock;

// More than this are committed in several groups, so that memory stays small after the disk was away.
constexpr std::size_t largest_group = 4096;
constexpr std::uint64_t largest_group_bytes = std::uint64_t{4} * 1024 * 1024;  // of common events
// Groups this large come from a busy switch: a longer wait then saves most of a group's own cost.
constexpr std::size_t busy_group = 8;
constexpr int busy_factor = 4;
constexpr Seconds shortest_age{60};
constexpr int forever = -1, at_once = 0, in_a_second = 1000;

template <typename T>
T value_or_throw(Result<T> result) {
    if (!result) throw std::runtime_error("journal: " + result.error().text);
    return std::move(*result);
}

}  // namespace

struct Journal::Meters {
    metrics::Counter& events = metrics::counter("patchbay_journal_events_total", "Events committed");
    metrics::Counter& groups =
        metrics::counter("patchbay_journal_groups_total", "Groups of events committed together");
    metrics::Counter& bytes = metrics::counter("patchbay_journal_bytes_total", "Bytes of events written");
    metrics::Counter& errors =
        metrics::counter("patchbay_journal_errors_total", "Times that the disk refused to write or sync");
    metrics::Gauge& waiting =
        metrics::gauge("patchbay_journal_waiting_events", "Events in memory that the disk has not taken");
};

Options options_of(const config::Config& config) {
    Options options;
    options.folder = config.node.data + "/journal";
    options.sync = config.storage.sync;
    options.retention = config.storage.journal_retention;
    return options;
}

Journal::Journal(Options options, Files& files)
    : options_(std::move(options)),
      files_(files),
      meters_([]() -> Meters& {
          static Meters meters;
          return meters;
      }()),
      inbox_(0),
      wake_(make_event()) {
    value_or_throw(files_.make_folder(options_.folder));
    lock_ = value_or_throw(files_.lock_folder(options_.folder));
    auto found = value_or_throw(open_folder(files_, options_.folder));
    segments_ = std::move(found.segments);
    left_open_ = found.open;
    open_ = std::move(found.open);
    next_offset_ = found.next_offset;
    newest_ = open_.newest();
    if (!segments_.empty()) oldest_ = segments_.front().first;
    writer_ =
        std::make_unique<Writer>(files_, options_.folder, options_.sync, [this] { signal_event(wake_); });
    subscribers_ = std::make_unique<Subscribers>(files_, segments_);
    thread_ = std::thread([this] { run(); });
}

Journal::~Journal() {
    stopping_ = true;
    signal_event(wake_);
    thread_.join();
}

void Journal::publish(call::Event event) {
    inbox_.post_fact(std::move(event));
}

std::unique_ptr<Subscription> Journal::subscribe(std::uint64_t after, Consumer consumer) {
    auto subscription = subscribers_->add(after, std::move(consumer));
    signal_event(wake_);
    return subscription;
}

void Journal::run() {
    take_short_turns();
    using Progress = EventReader::Progress;
    std::vector<call::Event> waiting;
    auto progress = Progress::end;
    while (true) {
        wait_for_work(progress == Progress::end    ? forever
                      : progress == Progress::more ? at_once
                                                   : in_a_second);
        const bool last_round = stopping_;
        inbox_.drain(waiting);
        if (waiting.empty() && !keep_trying([this] { return writer_->tend(); }, 0)) break;
        if (!commit(waiting)) break;
        progress = subscribers_->catch_up(newest_);
        if (last_round) break;
    }
    keep_trying([this] { return writer_->flush(); }, 0);
}

// Returns at once under light load; under heavy load groups are kept apart, and so grow. A busy switch is not
// waited for: to be woken by it for each group would cost a turn more of both threads.
void Journal::wait_for_work(int poll_timeout) {
    const bool busy = last_group_size_ >= busy_group;
    const auto due = last_group_ + (busy ? busy_factor : 1) * options_.group_interval;
    if (busy && poll_timeout != at_once && !stopping_) std::this_thread::sleep_until(due);
    std::array<pollfd, 2> watched{pollfd{inbox_.descriptor(), POLLIN, 0}, pollfd{wake_.get(), POLLIN, 0}};
    ::poll(watched.data(), watched.size(), poll_timeout);
    if (watched[1].revents != 0) clear_event(wake_);  // before anybody looks at what it may have been for
    if (watched[0].revents == 0 || poll_timeout == at_once) return;
    const auto now = steady_clock::now();
    if (now < due) std::this_thread::sleep_until(due);
    last_group_ = std::max(now, due);
}

// False when it gave up, because the journal is to be closed and the disk does not take it.
bool Journal::commit(std::span<call::Event> events) {
    last_group_size_ = events.size();
    while (!events.empty()) {
        const auto group = events.first(std::min(events.size(), largest_group));
        rotate_if_due(group.front());
        group_.clear();
        for (auto& event : group) {
            event.offset = next_offset_++;
            open_.apply(event);
            encode(event, group_);
        }
        if (!keep_trying([this] { return writer_->append(group_); }, events.size())) return false;
        meters_.groups.add();
        meters_.events.add(static_cast<double>(group.size()));
        meters_.bytes.add(static_cast<double>(group_.size()));
        newest_.store(group.back().offset, std::memory_order_release);
        subscribers_->deliver(group);
        events = events.subspan(group.size());
    }
    return true;
}

// A segment ends by size, or by age so that retention can take effect.
void Journal::rotate_if_due(const call::Event& next) {
    const auto oldest_of_segment = segments_.empty() ? Time{} : segments_.back().began;
    const auto age = std::max<Milliseconds>(options_.retention / 7, shortest_age);
    const bool is_old = next.at - oldest_of_segment > age && open_.newest_at() != Time{};
    if (writer_->size() > 0 && writer_->size() < options_.segment_bytes && !is_old) return;
    const auto began = open_.newest_at() == Time{} ? next.at : open_.newest_at();
    const auto name = segment_name(next_offset_);
    std::string header;
    encode_header(open_, header);
    writer_->begin_segment(name, std::move(header), options_.segment_bytes + largest_group_bytes);
    segments_.push_back({next_offset_, options_.folder + "/" + name, began});
    retire(next.at);
}

// Removes the oldest segments that are past their time and hold no event of an open call.
void Journal::retire(Time now) {
    const auto needed = open_.oldest_needed().value_or(next_offset_);
    while (segments_.size() > 1 && segments_[1].first <= needed &&
           now - segments_[1].began > options_.retention) {
        if (const auto removed = files_.remove(segments_.front().path); !removed) {
            log::error("journal", "cannot remove an old segment: {}", removed.error().text);
            break;
        }
        segments_.erase(segments_.begin());
    }
    oldest_ = segments_.front().first;
}

// Repeats the work until the disk takes it. Meanwhile events pile up in the inbox.
bool Journal::keep_trying(const std::function<Result<Done>()>& work, std::size_t events) {
    static constexpr int first_pause = 20, longest_pause = 1000;
    int pause = first_pause;
    auto done = work();
    if (done) return true;
    const auto begin = steady_clock::now();
    auto last_said = begin - std::chrono::hours(1);
    while (!done) {
        meters_.errors.add();
        const auto waiting = events + inbox_.waiting();
        meters_.waiting.set(static_cast<double>(waiting));
        if (steady_clock::now() - last_said > std::chrono::seconds(10)) {
            last_said = steady_clock::now();
            log::error("journal", "{}; {} events wait in memory, calls go on", done.error().text, waiting);
        }
        if (patience_is_over()) {
            log::error("journal", "closed with {} events that the disk did not take", waiting);
            return false;
        }
        std::this_thread::sleep_for(Milliseconds(pause));
        pause = std::min(2 * pause, longest_pause);
        done = work();
    }
    meters_.waiting.set(0);
    log::warning("journal", "the disk takes events again");
    return true;
}

bool Journal::patience_is_over() {
    if (!stopping_) return false;
    if (stop_seen_ == steady_clock::time_point{}) stop_seen_ = steady_clock::now();
    return steady_clock::now() - stop_seen_ >= options_.patience;
}

}  // namespace patchbay::journal
