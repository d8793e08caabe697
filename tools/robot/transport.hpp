// The robot's own SIP transport: one UDP socket and one TCP listener on the same port, and the connections
// that come and go. Non-SIP bytes are counted and dropped.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"
#include "config/config.hpp"
#include "loop.hpp"
#include "message.hpp"

namespace patchbay::robot {

/// The way a message came or goes.
struct Flow {
    bool tcp = false;
    config::Endpoint remote;
};

/// Uses the loop's thread. Throws std::system_error when the address cannot be bound.
class Transport {
  public:
    using Receive = std::function<void(const Message&, const Flow&)>;

    /// `port` 0: the kernel chooses one.
    Transport(Loop& loop, const std::string& address, std::uint16_t port, Receive receive);
    ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    const config::Endpoint& local() const { return local_; }
    /// Over TCP, opens a connection when there is none to that endpoint. Errors are dropped: SIP's timers
    /// notice.
    void send(std::string_view bytes, const Flow& to);
    std::uint64_t not_sip() const { return not_sip_; }

  private:
    struct Connection {
        Descriptor socket;
        std::string waiting;
    };

    bool bind_both(std::uint16_t port);
    void read_datagrams();
    void accept_connection();
    void add_connection(const config::Endpoint& remote, Descriptor socket);
    void read_connection(const config::Endpoint& remote);
    int connection_to(const config::Endpoint& remote);

    Loop& loop_;
    config::Endpoint local_;
    Receive receive_;
    Descriptor udp_, listener_;
    std::map<config::Endpoint, Connection> connections_;
    std::uint64_t not_sip_ = 0;
};

}  // namespace patchbay::robot
