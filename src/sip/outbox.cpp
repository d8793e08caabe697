#include "sip/outbox.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>

#include <sofia-sip/su.h>

namespace patchbay::sip {

namespace {

constexpr std::size_t most_refused = 64;

thread_local Outbox* gathering = nullptr;

std::string_view address_of(const msghdr& datagram) {
    return {static_cast<const char*>(datagram.msg_name), datagram.msg_namelen};
}

}  // namespace

Outbox::Gathering::Gathering(Outbox& outbox) : outbox_(outbox) {
    gathering = &outbox;
}

Outbox::Gathering::~Gathering() {
    gathering = nullptr;
    outbox_.flush();
}

Outbox* Outbox::current() {
    return gathering;
}

bool Outbox::put(int socket, const msghdr& datagram) {
    if (datagram.msg_namelen > sizeof(sockaddr_storage) || is_refused(datagram)) return false;
    if (count_ == capacity) flush();
    auto& kept = waiting_[count_++];
    kept.socket = socket;
    std::memcpy(&kept.to, datagram.msg_name, datagram.msg_namelen);
    kept.to_size = datagram.msg_namelen;
    kept.bytes.clear();
    for (const auto& piece : std::span(datagram.msg_iov, datagram.msg_iovlen))
        kept.bytes.append(static_cast<const char*>(piece.iov_base), piece.iov_len);
    return true;
}

/// Once: the next time it is tried anew.
bool Outbox::is_refused(const msghdr& datagram) {
    const auto found = std::ranges::find(refused_, address_of(datagram));
    if (found == refused_.end()) return false;
    refused_.erase(found);
    return true;
}

void Outbox::flush() {
    std::size_t sent = 0;
    while (sent < count_) sent += send_from(sent);
    count_ = 0;
}

/// Sends those from there on that leave by the same socket. Returns how many are dealt with, one at least.
std::size_t Outbox::send_from(std::size_t first) {
    std::array<mmsghdr, capacity> headers{};
    std::array<iovec, capacity> bytes;
    std::size_t count = 0;
    for (auto at = first; at < count_ && waiting_[at].socket == waiting_[first].socket; ++at, ++count) {
        auto& datagram = waiting_[at];
        bytes[count] = {datagram.bytes.data(), datagram.bytes.size()};
        auto& header = headers[count].msg_hdr;
        header.msg_name = &datagram.to;
        header.msg_namelen = datagram.to_size;
        header.msg_iov = &bytes[count];
        header.msg_iovlen = 1;
    }
    const auto send = [&] {
        return sendmmsg(waiting_[first].socket, headers.data(), static_cast<unsigned>(count), MSG_NOSIGNAL);
    };
    int sent = send();
    if (sent < 0) sent = send();  // the error may have been another datagram's, told late
    if (sent > 0) return static_cast<std::size_t>(sent);
    if (refused_.size() == most_refused) refused_.pop_front();
    refused_.emplace_back(address_of(headers[0].msg_hdr));
    return 1;
}

}  // namespace patchbay::sip

/// Takes the place of Sofia's own, through which it sends everything: the linker binds Sofia's calls to the
/// program's.
issize_t su_vsend(su_socket_t socket, const su_iovec_t pieces[], isize_t count, int flags,
                  const su_sockaddr_t* to, socklen_t to_size) {
    msghdr message{};
    message.msg_name = const_cast<su_sockaddr_t*>(to);
    message.msg_namelen = to_size;
    message.msg_iov = reinterpret_cast<iovec*>(const_cast<su_iovec_t*>(pieces));
    message.msg_iovlen = static_cast<std::size_t>(count);
    auto* outbox = to == nullptr ? nullptr : patchbay::sip::Outbox::current();
    if (outbox == nullptr || !outbox->put(socket, message)) return sendmsg(socket, &message, flags);
    issize_t size = 0;
    for (const auto& piece : std::span(pieces, static_cast<std::size_t>(count)))
        size += static_cast<issize_t>(piece.siv_len);
    return size;
}
