// Pairs of bound UDP sockets, RTP on an even port and RTCP one above (RFC 3550, section 11). Pairs given back
// stay bound and are used again, oldest first: opening and closing sockets costs four times as much.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "base/descriptor.hpp"
#include "media/address.hpp"

namespace patchbay::media {

/// When packets came and went; never jumps.
using Moment = std::chrono::steady_clock::time_point;

struct PortPair {
    Descriptor rtp, rtcp;
    std::uint16_t port = 0;  ///< of the RTP socket
    /// Whose stream came in here last: its late packets are not the next leg's.
    Address last_source;
    std::uint32_t last_ssrc = 0;
    int watched_by = -1;  ///< the epoll of the PortWatch that has both sockets, in the pool as well; -1: none
};

/// Any thread.
class PortPool {
  public:
    /// Even ports from `first` to `last` - 1 on that address, taken in a round that begins at `start` pairs
    /// from the first. Throws std::runtime_error when the address is no IP literal
    /// of this machine.
    PortPool(const std::string& address, std::uint16_t first, std::uint16_t last, std::size_t start);

    /// Nothing when every pair is in use, by us or (as far as a bounded search shows) by others.
    std::optional<PortPair> take(Moment now);
    void give_back(PortPair pair, Moment now);
    /// Closes pairs that nobody wanted for long.
    void trim(Moment now);

    /// Pairs that stand bound and idle.
    std::size_t idle() const;
    int family() const { return address_.family(); }

  private:
    struct Idle {
        PortPair pair;
        Moment since;
    };
    std::optional<PortPair> take_idle(Moment now, std::chrono::milliseconds rest);
    std::optional<std::size_t> next_unbound(std::size_t stride);
    std::optional<PortPair> bind_pair(std::size_t place);
    Descriptor bind_port(std::uint16_t port) const;

    Address address_;
    const std::uint16_t first_;
    mutable std::mutex mutex_;
    std::deque<Idle> idle_;    ///< longest idle first
    std::vector<bool> bound_;  ///< by pair
    std::size_t bound_count_ = 0, cursor_ = 0;
};

}  // namespace patchbay::media
