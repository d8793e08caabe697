#include "sip/receive_queue.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <string>

#include <linux/sock_diag.h>
#include <sys/socket.h>

#include "sip/address.hpp"

namespace patchbay::sip {
namespace {

bool is_udp_at(int descriptor, const config::Endpoint& bound) {
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_DGRAM) return false;
    sockaddr_storage address{};
    size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    return getsockname(descriptor, any, &size) == 0 && endpoint_of(*any) == bound;
}

}  // namespace

int udp_socket_at(const config::Endpoint& bound) {
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", failed)) {
        const std::string name = entry.path().filename();
        int descriptor = -1;
        std::from_chars(name.data(), name.data() + name.size(), descriptor);
        if (is_udp_at(descriptor, bound)) return descriptor;
    }
    return -1;
}

ReceiveQueue::ReceiveQueue(const config::Endpoint& bound) : descriptor_(udp_socket_at(bound)) {}

ReceiveQueue::Sample ReceiveQueue::sample() const {
    std::array<std::uint32_t, SK_MEMINFO_VARS> info{};
    socklen_t size = sizeof info;
    if (descriptor_ < 0 || getsockopt(descriptor_, SOL_SOCKET, SO_MEMINFO, info.data(), &size) != 0)
        return {};
    const double capacity = std::max<std::uint32_t>(info[SK_MEMINFO_RCVBUF], 1);
    return {std::min(info[SK_MEMINFO_RMEM_ALLOC] / capacity, 1.0), info[SK_MEMINFO_DROPS]};
}

void ReceiveQueue::enlarge(int bytes) const {
    if (descriptor_ >= 0) setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
}

}  // namespace patchbay::sip
