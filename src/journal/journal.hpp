// The journal: the switch's events on disk, in order, before anybody hears of them. Everything that is
// remembered is built from it. The format is in docs/formats/journal.md.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "base/mailbox.hpp"
#include "call/event.hpp"
#include "config/config.hpp"
#include "journal/feed.hpp"
#include "journal/files.hpp"
#include "journal/open_calls.hpp"
#include "journal/segment.hpp"

namespace patchbay::journal {

class Subscribers;
class Writer;

struct Options {
    std::string folder;  ///< made when missing; one process at a time
    /// Most of the past that a power cut can cost, the disk's own time for a sync apart. 0: each group is
    /// synced before anybody hears of it. A crash of the process alone costs nothing that anybody heard of.
    Milliseconds sync{10};
    Seconds retention{7 * 24 * 3600};
    std::size_t segment_bytes = std::size_t{32} * 1024 * 1024;  ///< a segment is ended past this size
    /// A group is committed no sooner than this after the one before; four times this while groups are large.
    Milliseconds group_interval{1};
    std::size_t full_at = 1'000'000;  ///< events waiting, see Journal::full()
    Seconds patience{5};  ///< how long the destructor goes on trying on a disk that does not take it
};

/// As the configuration says, in `journal` below the node's data folder.
Options options_of(const config::Config& config);

/// publish(), subscribe(), newest(), oldest() and full() from any thread; events keep the order in which they
/// were published. Owns the store thread.
///
/// Use: `Journal journal(options_of(config)); recover(journal, clock);` then hand it to the switch.
class Journal final : public call::EventSink, public Feed {
  public:
    /// Opens the folder and reads what it holds. Throws std::runtime_error when that cannot be done.
    explicit Journal(Options options, Files& files = disk_files());
    /// Commits what is waiting.
    ~Journal() override;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// Never blocks and never drops: while the disk refuses, events wait in memory.
    void publish(call::Event event) override;
    std::unique_ptr<Subscription> subscribe(std::uint64_t after, Consumer consumer) override;
    std::uint64_t newest() const override { return newest_.load(std::memory_order_acquire); }
    std::uint64_t oldest() const override { return oldest_.load(std::memory_order_acquire); }

    /// True while so many events wait that new calls should be refused.
    bool full() const { return inbox_.waiting() >= options_.full_at; }
    /// What was open when the journal was opened.
    const OpenCalls& left_open() const { return left_open_; }

  private:
    struct Meters;

    void run();
    void wait_for_work(int poll_timeout);
    bool commit(std::span<call::Event> events);
    void rotate_if_due(const call::Event& next);
    void retire(Time now);
    bool keep_trying(const std::function<Result<Done>()>& work, std::size_t events);
    bool patience_is_over();

    const Options options_;
    Files& files_;
    std::shared_ptr<void> lock_;
    Meters& meters_;
    OpenCalls left_open_;
    Mailbox<call::Event> inbox_;
    Descriptor wake_;
    std::atomic<std::uint64_t> newest_{0}, oldest_{1};
    std::atomic<bool> stopping_{false};

    // The store thread's own.
    std::vector<Segment> segments_;
    OpenCalls open_;
    std::uint64_t next_offset_ = 1;
    std::string group_;
    std::size_t last_group_size_ = 0;
    std::chrono::steady_clock::time_point last_group_{}, stop_seen_{};
    std::unique_ptr<Writer> writer_;
    std::unique_ptr<Subscribers> subscribers_;
    std::thread thread_;
};

}  // namespace patchbay::journal
