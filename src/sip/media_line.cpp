#include "sip/media_line.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace patchbay::sip {
namespace {

// True when the line's own address says where the peer is: with ICE it is found by its checks.
bool has_address(const sdp::Media& remote) {
    const bool dtls = remote.profile == sdp::Profile::dtls_savp || remote.profile == sdp::Profile::dtls_savpf;
    return !dtls || remote.security.ice.fragment.empty();
}

}  // namespace

bool is_audio(const sdp::Media& media) {
    return iequals(media.kind, "audio") && media.profile != sdp::Profile::other &&
           media.profile != sdp::Profile::udptl;
}

bool is_t38(const sdp::Media& media) {
    return iequals(media.kind, "image") && media.profile == sdp::Profile::udptl &&
           iequals(media.format_text, "t38");
}

sdp::Media t38_line(const config::Endpoint& local, const media::T38Terms& terms) {
    constexpr int largest_datagram = 1400;
    auto line = sdp::t38_line(local);
    line.t38 = {0, largest_datagram, terms.redundancy};
    return line;
}

sdp::Direction wanted(const sdp::Media& remote) {
    const auto said = remote.direction.value_or(sdp::Direction::sendrecv);
    const bool nowhere = has_address(remote) && sdp::is_unspecified(remote.address);
    return sdp::direction_of(sdp::sends(said), sdp::receives(said) && !nowhere);
}

sdp::Media refused(const sdp::Media& remote) {
    sdp::Media line;
    line.kind = remote.kind;
    line.profile = remote.profile;
    line.profile_text = remote.profile_text;
    line.format_text = remote.format_text;
    line.mid = remote.mid;
    return line;
}

sdp::Media audio_line(const config::Endpoint& local, std::vector<sdp::Format> formats,
                      sdp::Direction direction, int ptime) {
    sdp::Media line;
    line.kind = "audio";
    line.port = local.port;
    line.profile_text = "RTP/AVP";
    line.address = local.address;
    line.formats = std::move(formats);
    for (const sdp::Format& format : line.formats)
        line.format_text += fmt::format("{}{}", line.format_text.empty() ? "" : " ", format.payload_type);
    line.ptime = ptime;
    line.direction = direction;
    return line;
}

media::Remote remote_of(const sdp::Media& line, sdp::Direction ours, media::Protection protection) {
    const sdp::Direction theirs = wanted(line);
    const bool takes = line.port != 0 && !(has_address(line) && sdp::is_unspecified(line.address));
    media::Remote remote;
    if (takes && !protection.ice) {
        remote.rtp = {line.address, line.port};
        remote.rtcp = {line.address, static_cast<std::uint16_t>(line.port + 1)};
        if (line.rtcp) {
            remote.rtcp.port = line.rtcp->port;
            if (!line.rtcp->address.empty()) remote.rtcp.address = line.rtcp->address;
        }
    }
    remote.send = takes && sdp::receives(theirs) && sdp::sends(ours);
    remote.receive = line.port != 0 && sdp::sends(theirs) && sdp::receives(ours);
    remote.latch = !protection.ice;
    remote.protection = std::move(protection);
    return remote;
}

}  // namespace patchbay::sip
