// Those who hear of committed events, each at its own place in the journal.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "call/event.hpp"
#include "journal/event_reader.hpp"
#include "journal/feed.hpp"

namespace patchbay::journal {

/// Owned by the journal; all but add() on the store thread.
class Subscribers {
  public:
    Subscribers(Files& files, const std::vector<Segment>& segments) : files_(files), segments_(segments) {}

    /// Any thread. It begins to hear at the next catch_up().
    std::unique_ptr<Subscription> add(std::uint64_t after, Consumer consumer);
    /// Tells those who are up to date.
    void deliver(std::span<const call::Event> events);
    /// Lets each of the others read a few hundred events, `newest` being the newest there is. `more`: it
    /// should be called again soon; `failed`: later.
    EventReader::Progress catch_up(std::uint64_t newest);

  private:
    struct Subscriber;
    class Handle;

    void admit(std::uint64_t newest);

    Files& files_;
    const std::vector<Segment>& segments_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<Subscriber>> joining_;
    std::vector<std::shared_ptr<Subscriber>> subscribers_;
    std::vector<call::Event> read_;
};

}  // namespace patchbay::journal
