#include "socket.hpp"

#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace patchbay::robot {

const sockaddr* SocketAddress::get() const {
    return static_cast<const sockaddr*>(static_cast<const void*>(&storage));
}

sockaddr* SocketAddress::get() {
    return static_cast<sockaddr*>(static_cast<void*>(&storage));
}

config::Endpoint SocketAddress::endpoint() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 address{};
        std::memcpy(&address, &storage, sizeof(address));
        inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
        return {text.data(), ntohs(address.sin6_port)};
    }
    sockaddr_in address{};
    std::memcpy(&address, &storage, sizeof(address));
    inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
    return {text.data(), ntohs(address.sin_port)};
}

std::optional<SocketAddress> socket_address(const config::Endpoint& endpoint) {
    SocketAddress result;
    sockaddr_in v4{};
    if (inet_pton(AF_INET, endpoint.address.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        std::memcpy(&result.storage, &v4, sizeof(v4));
        result.length = sizeof(v4);
        return result;
    }
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET6, endpoint.address.c_str(), &v6.sin6_addr) != 1) return std::nullopt;
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    std::memcpy(&result.storage, &v6, sizeof(v6));
    result.length = sizeof(v6);
    return result;
}

Descriptor bound_socket(int type, const config::Endpoint& local) {
    const auto address = socket_address(local);
    if (!address) return {};
    Descriptor made(socket(address->storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!made || bind(made.get(), address->get(), address->length) != 0) return {};
    return made;
}

config::Endpoint local_endpoint(const Descriptor& socket) {
    SocketAddress address;
    getsockname(socket.get(), address.get(), &address.length);
    return address.endpoint();
}

}  // namespace patchbay::robot
