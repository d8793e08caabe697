// An IP address and UDP port in the form the kernel takes, IPv4 or IPv6.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include <netinet/in.h>
#include <sys/socket.h>

#include "config/config.hpp"

namespace patchbay::media {

class Address {
  public:
    /// No address.
    Address() = default;
    /// Nothing when the text is no IP literal.
    static std::optional<Address> parse(const config::Endpoint& endpoint);

    explicit operator bool() const { return family() != AF_UNSPEC; }
    bool operator==(const Address& other) const { return same_host(other) && port() == other.port(); }
    bool same_host(const Address& other) const;
    /// 0.0.0.0 or ::, as old phones write to say hold (RFC 3264, section 8.4).
    bool unspecified() const;

    int family() const { return any().sa_family; }
    /// 0 when there is none.
    std::uint16_t port() const;
    void set_port(std::uint16_t port);
    /// The same host as an IPv6 socket that also serves IPv4 names it (RFC 4291, section 2.5.5.2).
    Address mapped() const;
    /// The host's 4 or 16 bytes in network order; 4 for an IPv4 host in IPv6 form.
    std::span<const std::uint8_t> host_bytes() const;

    const sockaddr* data() const { return &any(); }
    sockaddr* data() { return reinterpret_cast<sockaddr*>(&storage_); }
    socklen_t size() const { return family() == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6); }
    /// Room for recvfrom() to write any address.
    static constexpr socklen_t capacity = sizeof(sockaddr_in6);

  private:
    const sockaddr& any() const { return reinterpret_cast<const sockaddr&>(storage_); }
    const sockaddr_in& v4() const { return reinterpret_cast<const sockaddr_in&>(storage_); }
    sockaddr_in6 storage_{};
};

}  // namespace patchbay::media
