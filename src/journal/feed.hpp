// Events as others hear of them: only after they are in the journal on disk, in order, each once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "call/event.hpp"

namespace patchbay::journal {

/// Called on the store thread with events that were just committed; must not block for long.
using Consumer = std::function<void(std::span<const call::Event>)>;

/// Ends the subscription when it goes; the consumer is not called after that.
class Subscription {
  public:
    virtual ~Subscription() = default;
};

class Feed {
  public:
    virtual ~Feed() = default;
    /// Any thread. Hears everything committed after `after` exactly once: first what the journal still has on
    /// disk, then live. `after` = newest() for live only.
    virtual std::unique_ptr<Subscription> subscribe(std::uint64_t after, Consumer consumer) = 0;
    /// Offset of the newest committed event; of the oldest one still kept.
    virtual std::uint64_t newest() const = 0;
    virtual std::uint64_t oldest() const = 0;
};

}  // namespace patchbay::journal
