// The events of the desk on their way out: numbered, kept for a while, told to whoever listens.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "acd/event.hpp"

namespace patchbay::acd {

/// Not thread-safe: on the switch thread.
class Feed {
  public:
    /// Offsets begin with the time, in microseconds, so that those of an earlier run are not taken for ours.
    explicit Feed(Time start);

    void publish(Time at, const std::string& domain, EventBody body);
    /// See Gateway::subscribe. `snapshot` is asked for when one is needed.
    void subscribe(const std::string& domain, std::uint64_t after, const std::weak_ptr<Listener>& listener,
                   const std::function<Snapshot()>& snapshot);
    std::uint64_t newest() const { return newest_; }

  private:
    struct Subscriber {
        std::string domain;
        std::weak_ptr<Listener> listener;
    };
    bool still_knows(std::uint64_t after) const;

    std::uint64_t newest_, begin_;
    std::deque<Event> kept_;
    std::vector<Subscriber> subscribers_;
};

}  // namespace patchbay::acd
