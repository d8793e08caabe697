// Forgets history by its age, on a thread of its own.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/clock.hpp"
#include "history/store.hpp"

namespace patchbay::history {

struct RetentionOptions {
    std::chrono::days keep{0};         ///< 0: for ever
    Milliseconds interval{3'600'000};  ///< how often it looks
    Milliseconds pause{20};            ///< between pieces, so that writing goes on
};

/// The start of the oldest month of which anything is kept: the month in which the oldest record that must be
/// kept began. Whole months go.
Time kept_from(Time now, std::chrono::days keep);

/// Store and clock must outlive it; the clock is its own.
class Retention {
  public:
    Retention(Store& store, Clock& clock, RetentionOptions options);
    ~Retention();
    Retention(const Retention&) = delete;
    Retention& operator=(const Retention&) = delete;

  private:
    void run();
    bool forget_piece();
    bool wait(Milliseconds time);

    Store& store_;
    Clock& clock_;
    const RetentionOptions options_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;  ///< none when everything is kept
};

}  // namespace patchbay::history
