// How full the kernel's receive buffer of our SIP/UDP socket is: the one early sign that more comes in than
// is handled, because what waits there is not yet in the process. Switch thread.
#pragma once

#include <cstdint>

#include "config/config.hpp"

namespace patchbay::sip {

/// This process's UDP socket bound there; -1: none. It stays its owner's.
int udp_socket_at(const config::Endpoint& bound);

class ReceiveQueue {
  public:
    struct Sample {
        double used = 0;            ///< share of the buffer, 0 to 1
        std::uint64_t dropped = 0;  ///< datagrams dropped for want of room since the socket was made
    };

    /// Finds this process's UDP socket bound there. Without one, sample() stays at nothing used.
    explicit ReceiveQueue(const config::Endpoint& bound);

    /// One system call.
    Sample sample() const;
    /// Asks for a buffer past net.core.rmem_max too, where the process may (CAP_NET_ADMIN).
    void enlarge(int bytes) const;
    bool found() const { return descriptor_ >= 0; }

  private:
    int descriptor_ = -1;  ///< Sofia's; not ours to close
};

}  // namespace patchbay::sip
