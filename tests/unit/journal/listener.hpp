// A subscriber that remembers what it heard and can be waited for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <span>
#include <vector>

#include "call/event.hpp"
#include "journal/feed.hpp"

namespace patchbay::testing {

class Listener {
  public:
    explicit Listener(journal::Feed& feed, std::uint64_t after = 0)
        : subscription_(
              feed.subscribe(after, [this](std::span<const call::Event> events) { hear(events); })) {}

    /// What was heard, once that is at least `count` events or five seconds have gone.
    std::vector<call::Event> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(60), [&] { return heard_.size() >= count; });
        return heard_;
    }
    std::size_t heard() {
        const std::scoped_lock lock(mutex_);
        return heard_.size();
    }

  private:
    void hear(std::span<const call::Event> events) {
        const std::scoped_lock lock(mutex_);
        heard_.insert(heard_.end(), events.begin(), events.end());
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<call::Event> heard_;
    std::unique_ptr<journal::Subscription> subscription_;
};

}  // namespace patchbay::testing
