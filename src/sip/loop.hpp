// The switch thread's loop: Sofia's sockets and timers, our descriptors and our Timers in one wait.
// Everything but stop() belongs to the thread that calls run().
#pragma once

#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "base/timers.hpp"

struct su_root_s;
struct tport_s;

namespace patchbay::sip {

/// Owns Sofia's root. Destroy it after whatever was built on it.
///
/// While messages come thick, the loop lets them gather for two milliseconds and handles them together:
/// waking for each of them would cost as much as the message itself. What is watched is never kept waiting
/// for that. What Sofia sends meanwhile leaves together, too.
class Loop {
  public:
    /// Throws std::runtime_error when the machine gives no descriptors, or has no /proc.
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// From now on the loop runs these timers, each within a millisecond or two of its time. They must
    /// outlive the loop's running. A Stack does this by itself.
    void drive(Timers& timers, Clock& clock);

    /// Runs until stop().
    void run();
    /// Waits for what comes next, `longest` at most, and handles it; for tests that drive the loop.
    void step(Milliseconds longest);
    /// Makes run() return. Any thread, and signal handlers.
    void stop();

    /// Calls `ready` whenever the descriptor is readable, for as long as the loop lives. The descriptor stays
    /// its owner's and must outlive the loop, or be given up with forget().
    void watch(int descriptor, std::function<void()> ready);
    /// No more of it, also from within a `ready`.
    void forget(int descriptor);

    // For this room alone.
    /// Sofia's root.
    su_root_s* root() const;
    /// That transport of Sofia's and its socket: many of its datagrams are taken together. None: no more. It
    /// must outlive the loop's running until then.
    void take_together(tport_s* udp, int socket);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::sip
