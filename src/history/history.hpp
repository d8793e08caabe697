// Keeps the store up to date with the journal: events in, CDRs out, in batches, on a thread of its own.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "call/event.hpp"
#include "history/cdr.hpp"
#include "history/fold.hpp"
#include "history/set_aside.hpp"
#include "history/store.hpp"
#include "journal/feed.hpp"

namespace patchbay::history {

struct HistoryOptions {
    Milliseconds batch_interval{50};     ///< a CDR is in the store so long after its leg's end,
    Milliseconds busy_interval{400};     ///< or so long after a batch of `busy_batch`: large ones cost half
    std::size_t busy_batch = 50;         ///< CDRs
    std::size_t largest_batch = 2000;    ///< CDRs of one transaction
    std::size_t most_waiting = 100'000;  ///< events; past this they wait on disk and are read again
    Milliseconds retry{1000};            ///< after the store refused
    std::string set_aside{};  ///< the file for records that the store will never take; see SetAside
};

/// Each leg gets one CDR, whatever happens to the process, the store or the disk: the store keeps the journal
/// offset with the records, and reading goes on there. While the store is away nothing is lost as long as the
/// journal keeps its segments.
///
/// Use: `History history(store, journal);`. Both must outlive it. Owns its thread.
class History {
  public:
    History(Store& store, journal::Feed& feed, HistoryOptions options = {});
    /// Writes what it has heard, if the store takes it at once; the rest comes at the next start.
    ~History();
    History(const History&) = delete;
    History& operator=(const History&) = delete;

    /// Any thread. Every leg that ended at this offset or before is in the store.
    std::uint64_t complete_to() const { return complete_to_.load(); }
    /// Any thread. False while the store refuses, or so much waits that the journal keeps it on disk.
    bool keeping_up() const { return keeping_up_.load(); }

  private:
    bool find_start();
    void run();
    void hear(std::span<const call::Event> events);
    void subscribe();
    bool wait(Milliseconds time);
    void fold_waiting();
    bool write_ready();
    Result<Done> write(std::span<const Cdr> batch, std::uint64_t offset);
    void note(const Result<Done>& done);

    Store& store_;
    journal::Feed& feed_;
    const std::uint64_t newest_at_start_;
    const HistoryOptions options_;
    std::atomic<std::uint64_t> complete_to_{0};
    std::atomic<bool> keeping_up_{true};

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<call::Event> waiting_;
    bool behind_ = false;  ///< too much waits: from here on events are left on disk
    bool stopping_ = false;

    // The thread's own.
    Fold fold_;
    SetAside set_aside_;
    std::uint64_t folded_ = 0;      ///< the newest offset folded
    std::uint64_t checkpoint_ = 0;  ///< what the store was told last
    std::vector<call::Event> taken_;
    std::size_t last_batch_ = 0;
    std::vector<Cdr> ready_;                                           ///< folded and not in the store
    std::optional<std::chrono::steady_clock::time_point> away_since_;  ///< the store refuses since then
    std::unique_ptr<journal::Subscription> subscription_;
    std::thread thread_;
};

}  // namespace patchbay::history
