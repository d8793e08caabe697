// IPv4 and IPv6 sockets by our Endpoint, for SIP and RTP alike.
#pragma once

#include <optional>

#include <sys/socket.h>

#include "base/descriptor.hpp"
#include "config/config.hpp"

namespace patchbay::robot {

/// An endpoint as the kernel takes it.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = sizeof(sockaddr_storage);

    const sockaddr* get() const;
    sockaddr* get();
    config::Endpoint endpoint() const;
};

/// Nothing when the address is no IP literal.
std::optional<SocketAddress> socket_address(const config::Endpoint& endpoint);

/// A bound non-blocking socket of that type (SOCK_DGRAM, SOCK_STREAM); an empty one when it cannot be bound.
Descriptor bound_socket(int type, const config::Endpoint& local);
config::Endpoint local_endpoint(const Descriptor& socket);

}  // namespace patchbay::robot
