#include "sip/sdp.hpp"

#include <array>
#include <string>
#include <type_traits>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "sip/sdp_security.hpp"

namespace patchbay::sip::sdp {
namespace {

constexpr std::array<std::pair<Direction, std::string_view>, 4> directions{{
    {Direction::sendrecv, "sendrecv"},
    {Direction::sendonly, "sendonly"},
    {Direction::recvonly, "recvonly"},
    {Direction::inactive, "inactive"},
}};

/// Adds texts and numbers. Cheaper than a format string, and every call writes these lines a dozen times.
template <typename... Parts>
void put(std::string& out, const Parts&... parts) {
    const auto one = [&out](const auto& part) {
        if constexpr (std::is_convertible_v<decltype(part), std::string_view>) {
            out += std::string_view(part);
        } else {
            out += std::to_string(part);
        }
    };
    (one(parts), ...);
}

void write_address(std::string& out, std::string_view address) {
    put(out, address.find(':') != std::string_view::npos ? "IN IP6 " : "IN IP4 ", address);
}

void write_format(std::string& out, const Format& format) {
    if (format.encoding.empty()) return;
    put(out, "a=rtpmap:", format.payload_type, " ", format.encoding, "/", format.clock_rate);
    if (format.channels > 1) put(out, "/", format.channels);
    out += "\r\n";
    if (!format.parameters.empty()) put(out, "a=fmtp:", format.payload_type, " ", format.parameters, "\r\n");
}

void write_t38(std::string& out, const media::T38Terms& terms) {
    put(out, "a=T38FaxVersion:", terms.version,
        "\r\na=T38MaxBitRate:14400\r\na=T38FaxRateManagement:transferredTCF\r\na=T38FaxMaxDatagram:",
        terms.max_datagram, "\r\na=T38FaxUdpEC:", terms.redundancy ? "t38UDPRedundancy" : "t38UDPNoEC",
        "\r\n");
}

void write_media(std::string& out, const Media& media, std::string_view body_address) {
    auto to = std::back_inserter(out);
    fmt::format_to(to, "m={} {} {} {}\r\n", media.kind, media.port, media.profile_text, media.format_text);
    if (media.port != 0 && !media.address.empty() && media.address != body_address) {
        out += "c=";
        write_address(out, media.address);
        out += "\r\n";
    }
    if (!media.mid.empty()) fmt::format_to(to, "a=mid:{}\r\n", media.mid);
    if (media.port == 0) return;
    if (media.profile == Profile::udptl) return write_t38(out, media.t38);
    for (const Format& format : media.formats) write_format(out, format);
    if (media.ptime > 0) fmt::format_to(to, "a=ptime:{}\r\n", media.ptime);
    if (media.rtcp_mux) out += "a=rtcp-mux\r\n";
    if (media.direction) fmt::format_to(to, "a={}\r\n", word(*media.direction));
    write_security(out, media.security);
}

}  // namespace

std::string_view word(Direction direction) {
    return directions[static_cast<std::size_t>(direction)].second;
}

bool sends(Direction direction) {
    return direction == Direction::sendrecv || direction == Direction::sendonly;
}

bool receives(Direction direction) {
    return direction == Direction::sendrecv || direction == Direction::recvonly;
}

Direction direction_of(bool sends, bool receives) {
    if (sends) return receives ? Direction::sendrecv : Direction::sendonly;
    return receives ? Direction::recvonly : Direction::inactive;
}

Direction reversed(Direction direction) {
    return direction_of(receives(direction), sends(direction));
}

std::string write(const Description& description) {
    std::string out;
    out.reserve(512);
    auto to = std::back_inserter(out);
    const Origin& origin = description.origin;
    fmt::format_to(to, "v=0\r\no={} {} {} ", origin.username, origin.session_id, origin.version);
    write_address(out, origin.address);
    fmt::format_to(to, "\r\ns={}\r\nc=", description.name);
    write_address(out, origin.address);
    out += "\r\nt=0 0\r\n";
    if (!description.bundle.empty())
        fmt::format_to(to, "a=group:BUNDLE {}\r\n", fmt::join(description.bundle, " "));
    if (description.ice_lite) out += "a=ice-lite\r\n";
    for (const Media& media : description.media) write_media(out, media, origin.address);
    return out;
}

Media t38_line(const config::Endpoint& local) {
    Media line;
    line.kind = "image";
    line.port = local.port;
    line.profile = Profile::udptl;
    line.profile_text = "udptl";
    line.format_text = "t38";
    line.address = local.address;
    return line;
}

bool is_address(std::string_view text) {
    const std::string literal(text);
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return inet_pton(AF_INET, literal.c_str(), bytes.data()) == 1 ||
           inet_pton(AF_INET6, literal.c_str(), bytes.data()) == 1;
}

bool is_unspecified(std::string_view address) {
    return address == "0.0.0.0" || address == "::";
}

}  // namespace patchbay::sip::sdp
