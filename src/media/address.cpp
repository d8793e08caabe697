#include "media/address.hpp"

#include <cstring>

#include <arpa/inet.h>

namespace patchbay::media {

std::optional<Address> Address::parse(const config::Endpoint& endpoint) {
    Address address;
    auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage_);
    if (inet_pton(AF_INET, endpoint.address.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
    } else if (inet_pton(AF_INET6, endpoint.address.c_str(), &address.storage_.sin6_addr) == 1) {
        address.storage_.sin6_family = AF_INET6;
    } else {
        return std::nullopt;
    }
    address.set_port(endpoint.port);
    return address;
}

bool Address::same_host(const Address& other) const {
    if (family() != other.family()) return false;
    if (family() == AF_INET) return v4().sin_addr.s_addr == other.v4().sin_addr.s_addr;
    return std::memcmp(&storage_.sin6_addr, &other.storage_.sin6_addr, sizeof storage_.sin6_addr) == 0;
}

bool Address::unspecified() const {
    if (family() == AF_INET) return v4().sin_addr.s_addr == INADDR_ANY;
    return IN6_IS_ADDR_UNSPECIFIED(&storage_.sin6_addr);
}

std::uint16_t Address::port() const {
    return ntohs(family() == AF_INET ? v4().sin_port : storage_.sin6_port);
}

void Address::set_port(std::uint16_t port) {
    // The port lies at the same place in both forms.
    storage_.sin6_port = htons(port);
}

Address Address::mapped() const {
    if (family() != AF_INET) return *this;
    Address result;
    result.storage_.sin6_family = AF_INET6;
    result.storage_.sin6_port = v4().sin_port;
    result.storage_.sin6_addr.s6_addr[10] = 0xFF;
    result.storage_.sin6_addr.s6_addr[11] = 0xFF;
    std::memcpy(&result.storage_.sin6_addr.s6_addr[12], &v4().sin_addr, sizeof v4().sin_addr);
    return result;
}

std::span<const std::uint8_t> Address::host_bytes() const {
    if (family() == AF_INET) return {reinterpret_cast<const std::uint8_t*>(&v4().sin_addr), 4};
    const std::span<const std::uint8_t> bytes(storage_.sin6_addr.s6_addr);
    return IN6_IS_ADDR_V4MAPPED(&storage_.sin6_addr) ? bytes.subspan(12) : bytes;
}

}  // namespace patchbay::media
