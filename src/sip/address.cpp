#include "sip/address.hpp"

#include <cctype>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/tport.h>

#include "base/text.hpp"
#include "sip/sofia.hpp"

namespace patchbay::sip {

config::Endpoint endpoint_of(const sockaddr& address) {
    char text[INET6_ADDRSTRLEN] = "";
    if (address.sa_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
        return {text, ntohs(v4.sin_port)};
    }
    if (address.sa_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
        inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
        return {text, ntohs(v6.sin6_port)};
    }
    return {};
}

std::string bracketed(const std::string& host) {
    if (host.find(':') == std::string::npos || host.front() == '[') return host;
    return '[' + host + ']';
}

void append_escaped_user(std::string& uri, std::string_view user) {
    static constexpr std::string_view also_allowed = "-_.!~*'()&=+$,;?/";
    static constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : user) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || also_allowed.find(c) != std::string_view::npos) {
            uri += c;
        } else {
            uri += '%';
            uri += digits[byte >> 4];
            uri += digits[byte & 15];
        }
    }
}

std::string quoted(std::string_view display_name) {
    if (display_name.empty()) return {};
    std::string text = "\"";
    for (const char c : display_name) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) continue;
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

std::string route_uri(const Flow& flow) {
    const auto& seen = flow.bridge.port == 0 ? flow.peer : flow.bridge;
    std::string uri = "sip:" + bracketed(seen.address) + ':' + std::to_string(seen.port);
    if (flow.transport == "udp") return uri + ";transport=udp";
    return uri + (flow.transport == "tls" ? ";transport=tls" : ";transport=tcp");
}

}  // namespace patchbay::sip
