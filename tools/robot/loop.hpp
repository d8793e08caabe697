// The robot's one thread: descriptors to wait for and timers, in one epoll loop.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "base/timers.hpp"

namespace patchbay::robot {

/// Not thread-safe. Throws std::system_error when the kernel has no epoll left.
class Loop {
  public:
    Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Calls `action` whenever `fd` is readable (or was hung up), until forget(fd).
    void watch(int fd, std::function<void()> action);
    /// May be called from within the action itself. Call it before closing the descriptor.
    void forget(int fd);
    /// Runs until stop().
    void run();
    void stop() { stopped_ = true; }

    Timers& timers() { return timers_; }
    Ticks now() { return clock_.ticks(); }
    Clock& clock() { return clock_; }

  private:
    using Action = std::shared_ptr<std::function<void()>>;
    SystemClock clock_;
    Timers timers_{clock_};
    Descriptor epoll_;
    std::unordered_map<int, Action> actions_;
    bool stopped_ = false;
};

}  // namespace patchbay::robot
