// Clients whose transport Sofia does not know, WebSockets first: each is given a TCP connection of its own to
// Sofia over loopback, on which its messages go with the transport in their Via exchanged, and back. So a
// client is a flow (RFC 5626) like any TCP phone, under its own address.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "sip/location.hpp"

namespace patchbay::sip {

class Loop;

/// A client as its own transport serves it. Both functions are called on the switch thread.
struct BridgeClient {
    std::string transport;  ///< ws or wss
    config::Endpoint peer;  ///< port 0: not known
    std::function<void(std::string message)> send;
    std::function<void()> hang_up;
};

class Bridge {
  public:
    using Id = std::uint64_t;

    /// Throws std::system_error when the kernel gives no descriptor.
    explicit Bridge(Loop& loop);
    ~Bridge();
    Bridge(const Bridge&) = delete;
    Bridge& operator=(const Bridge&) = delete;

    // Any thread.
    Id open(BridgeClient client);
    /// One whole message from the client. False when too much waits for the switch thread.
    [[nodiscard]] bool take(Id id, std::string message);
    /// The client is gone; neither of its functions is called after what was under way.
    void close(Id id);

    // The switch thread.
    /// Where Sofia takes TCP; clients that came before it is known are hung up on.
    void serve(const config::Endpoint& sofia);
    /// Who is behind the connection that Sofia sees coming from there; nothing for an ordinary one.
    std::optional<Flow> origin(const config::Endpoint& seen) const;
    /// Who hears of each flow that has ended.
    void on_end(std::function<void(const Flow&)> ended);
    std::size_t clients() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::sip
