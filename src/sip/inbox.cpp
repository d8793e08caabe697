#include "sip/inbox.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <sofia-sip/su.h>
#include <sys/ioctl.h>

#include "sip/outbox.hpp"

namespace patchbay::sip {

namespace {

thread_local Inbox* reading = nullptr;

}  // namespace

// Not initialized: only what datagrams fill is ever touched.
struct Inbox::Buffers {
    struct Datagram {
        sockaddr_storage from;
        socklen_t from_size;
        std::size_t size;
        std::array<char, longest> bytes;
    };
    std::array<Datagram, capacity> datagrams;
};

Inbox::Inbox(int socket) : socket_(socket), buffers_(std::make_unique_for_overwrite<Buffers>()) {}

Inbox::~Inbox() = default;

Inbox::Reading::Reading(Inbox& inbox) : inbox_(inbox) {
    inbox.fill();
    reading = &inbox;
}

Inbox::Reading::~Reading() {
    reading = nullptr;
}

Inbox* Inbox::of(int socket) {
    return reading != nullptr && reading->socket_ == socket ? reading : nullptr;
}

void Inbox::fill() {
    std::array<mmsghdr, capacity> headers{};
    std::array<iovec, capacity> bytes;
    auto& datagrams = buffers_->datagrams;
    for (std::size_t i = 0; i < capacity; ++i) {
        bytes[i] = {datagrams[i].bytes.data(), longest};
        auto& header = headers[i].msg_hdr;
        header.msg_name = &datagrams[i].from;
        header.msg_namelen = sizeof datagrams[i].from;
        header.msg_iov = &bytes[i];
        header.msg_iovlen = 1;
    }
    const int came = recvmmsg(socket_, headers.data(), capacity, MSG_DONTWAIT, nullptr);
    count_ = static_cast<std::size_t>(std::max(came, 0));
    next_ = 0;
    for (std::size_t i = 0; i < count_; ++i) {
        datagrams[i].from_size = headers[i].msg_hdr.msg_namelen;
        datagrams[i].size = headers[i].msg_len;
    }
}

std::optional<std::size_t> Inbox::next_size() const {
    if (next_ == count_) return std::nullopt;
    // For an empty one Sofia would read the socket itself. Of one byte it makes nothing either.
    return std::max<std::size_t>(buffers_->datagrams[next_].size, 1);
}

std::size_t Inbox::take(std::span<const iovec> into, sockaddr* from, socklen_t* from_size) {
    const auto& datagram = buffers_->datagrams[next_++];
    std::size_t copied = 0;
    for (const auto& piece : into) {
        const auto size = std::min(piece.iov_len, datagram.size - copied);
        std::memcpy(piece.iov_base, datagram.bytes.data() + copied, size);
        copied += size;
    }
    if (from != nullptr && from_size != nullptr) {
        std::memcpy(from, &datagram.from, std::min(*from_size, datagram.from_size));
        *from_size = datagram.from_size;
    }
    return copied;
}

}  // namespace patchbay::sip

// These take the places of Sofia's own, as su_vsend() does (outbox.cpp).

issize_t su_getmsgsize(su_socket_t socket) {
    if (const auto* inbox = patchbay::sip::Inbox::of(socket)) {
        if (const auto size = inbox->next_size()) return static_cast<issize_t>(*size);
    }
    int size = -1;
    return ioctl(socket, FIONREAD, &size) < 0 ? -1 : size;
}

issize_t su_vrecv(su_socket_t socket, su_iovec_t pieces[], isize_t count, int flags, su_sockaddr_t* from,
                  socklen_t* from_size) {
    auto* into = reinterpret_cast<iovec*>(pieces);
    auto* address = from == nullptr ? nullptr : &from->su_sa;
    auto* inbox = patchbay::sip::Inbox::of(socket);
    if (inbox != nullptr && inbox->next_size())
        return static_cast<issize_t>(inbox->take(std::span(into, count), address, from_size));
    msghdr message{};
    message.msg_name = address;
    message.msg_namelen = address != nullptr && from_size != nullptr ? *from_size : 0;
    message.msg_iov = into;
    message.msg_iovlen = count;
    const auto size = recvmsg(socket, &message, flags);
    if (address != nullptr && from_size != nullptr) *from_size = message.msg_namelen;
    return size;
}

/// Sofia asks before each datagram it sends, to be rid of an error that came late; the outbox tries again
/// when it is told of such a one.
int su_soerror(su_socket_t socket) {
    if (patchbay::sip::Outbox::current() != nullptr && patchbay::sip::Inbox::of(socket) != nullptr) return 0;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}
