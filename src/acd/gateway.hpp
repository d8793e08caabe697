// The way to the desk for other threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "acd/command.hpp"
#include "acd/event.hpp"

namespace patchbay::acd {

/// Any thread.
class Gateway {
  public:
    virtual ~Gateway() = default;
    /// `reply` is called exactly once, on the switch thread (or at once, on the caller's, when the command is
    /// refused as `overloaded`); it must not block.
    virtual void submit(Command command, Reply reply) = 0;
    /// Tells the listener of a domain's operators and queues until the listener is no more: the desk keeps
    /// only a weak reference and asks before each call. With `after` = 0 it begins with a snapshot; with the
    /// offset of the last event or snapshot seen, it tells exactly what was missed, or a snapshot when that
    /// is no longer known (some thousands of events are kept, none over a restart).
    virtual void subscribe(std::string domain, std::uint64_t after, std::weak_ptr<Listener> listener) = 0;
};

}  // namespace patchbay::acd
