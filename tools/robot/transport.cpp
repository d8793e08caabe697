#include "transport.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <poll.h>
#include <sys/socket.h>

#include "socket.hpp"

namespace patchbay::robot {

namespace {

constexpr int tries_for_a_port_pair = 50;

/// Sends all of it, waiting for a slow reader for at most a second a piece.
bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        if (errno != EAGAIN) return false;
        pollfd writable{socket, POLLOUT, 0};
        if (poll(&writable, 1, 1000) != 1) return false;
    }
    return true;
}

}  // namespace

Transport::Transport(Loop& loop, const std::string& address, std::uint16_t port, Receive receive)
    : loop_(loop), local_{address, port}, receive_(std::move(receive)) {
    bool bound = false;
    for (int i = 0; i < (port == 0 ? tries_for_a_port_pair : 1) && !bound; ++i) bound = bind_both(port);
    if (!bound) throw std::system_error(errno, std::generic_category(), "cannot bind " + address);
    loop_.watch(udp_.get(), [this] { read_datagrams(); });
    loop_.watch(listener_.get(), [this] { accept_connection(); });
}

Transport::~Transport() {
    for (const auto& [remote, connection] : connections_) loop_.forget(connection.socket.get());
    loop_.forget(udp_.get());
    loop_.forget(listener_.get());
}

bool Transport::bind_both(std::uint16_t port) {
    udp_ = bound_socket(SOCK_DGRAM, {local_.address, port});
    if (!udp_) return false;
    const auto bound = local_endpoint(udp_);
    listener_ = bound_socket(SOCK_STREAM, bound);
    if (!listener_ || listen(listener_.get(), 16) != 0) return false;
    local_ = bound;
    return true;
}

void Transport::send(std::string_view bytes, const Flow& to) {
    if (to.tcp) {
        const int socket = connection_to(to.remote);
        if (socket >= 0) send_all(socket, bytes);
        return;
    }
    const auto address = socket_address(to.remote);
    if (address)
        sendto(udp_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL, address->get(), address->length);
}

void Transport::read_datagrams() {
    std::array<char, 65536> buffer{};
    while (true) {
        SocketAddress from;
        const auto size = recvfrom(udp_.get(), buffer.data(), buffer.size(), 0, from.get(), &from.length);
        if (size < 0) return;
        const auto message = parse_message({buffer.data(), static_cast<std::size_t>(size)});
        if (message)
            receive_(*message, Flow{false, from.endpoint()});
        else
            ++not_sip_;
    }
}

void Transport::accept_connection() {
    SocketAddress from;
    Descriptor socket(accept4(listener_.get(), from.get(), &from.length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) add_connection(from.endpoint(), std::move(socket));
}

void Transport::add_connection(const config::Endpoint& remote, Descriptor socket) {
    const int fd = socket.get();
    connections_[remote] = Connection{std::move(socket), {}};
    loop_.watch(fd, [this, remote] { read_connection(remote); });
}

void Transport::read_connection(const config::Endpoint& remote) {
    const auto found = connections_.find(remote);
    if (found == connections_.end()) return;
    std::array<char, 16384> buffer{};
    const auto size = recv(found->second.socket.get(), buffer.data(), buffer.size(), 0);
    if (size <= 0) {
        if (size < 0 && errno == EAGAIN) return;
        loop_.forget(found->second.socket.get());
        connections_.erase(found);
        return;
    }
    found->second.waiting.append(buffer.data(), static_cast<std::size_t>(size));
    std::string stream = std::move(found->second.waiting);
    while (true) {
        const auto keepalive = stream.find_first_not_of("\r\n");
        stream.erase(0, keepalive == std::string::npos ? stream.size() : keepalive);
        const auto whole = whole_message(stream);
        if (whole == 0) break;
        const auto message = parse_message(std::string_view(stream).substr(0, whole));
        stream.erase(0, whole);
        if (message)
            receive_(*message, Flow{true, remote});
        else
            ++not_sip_;
    }
    if (const auto again = connections_.find(remote); again != connections_.end())
        again->second.waiting = std::move(stream);
}

int Transport::connection_to(const config::Endpoint& remote) {
    if (const auto found = connections_.find(remote); found != connections_.end())
        return found->second.socket.get();
    const auto address = socket_address(remote);
    Descriptor socket = bound_socket(SOCK_STREAM, {local_.address, 0});
    if (!address || !socket) return -1;
    if (connect(socket.get(), address->get(), address->length) != 0) {
        pollfd writable{socket.get(), POLLOUT, 0};
        int error = 0;
        socklen_t length = sizeof(error);
        if (errno != EINPROGRESS || poll(&writable, 1, 1000) != 1) return -1;
        getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
        if (error != 0) return -1;
    }
    const int fd = socket.get();
    add_connection(remote, std::move(socket));
    return fd;
}

}  // namespace patchbay::robot
