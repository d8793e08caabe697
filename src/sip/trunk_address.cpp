#include "sip/trunk_address.hpp"

#include "sip/address.hpp"
#include "sip/sdp.hpp"

namespace patchbay::sip {

std::string trunk_address(const config::Trunk& trunk) {
    constexpr std::uint16_t usual = 5060, usual_tls = 5061;
    const bool is_usual = trunk.port == (trunk.transport == "tls" ? usual_tls : usual);
    std::string out = bracketed(trunk.host);
    if (!is_usual || sdp::is_address(trunk.host)) out += ":" + std::to_string(trunk.port);
    if (trunk.transport != "udp") out += ";transport=" + trunk.transport;
    return out;
}

std::string trunk_uri(const config::Trunk& trunk, std::string_view user) {
    std::string uri = "sip:";
    if (!user.empty()) {
        append_escaped_user(uri, user);
        uri += '@';
    }
    return uri + trunk_address(trunk);
}

}  // namespace patchbay::sip
