// What is agreed for one leg's audio, as SDP settles it and media uses it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "config/config.hpp"
#include "media/protection.hpp"

namespace patchbay::media {

enum class Codec : std::uint8_t { pcma, pcmu };

/// The encoding's name in SDP (RFC 3551, section 6).
std::string_view name(Codec codec);
std::optional<Codec> codec_named(std::string_view encoding_name);

/// One leg's audio as agreed. Payload types are those the peer expects in what we send, and uses in what it
/// sends.
struct Format {
    Codec codec = Codec::pcma;
    std::uint8_t payload_type = 8;
    int ptime = 20;                               ///< milliseconds a packet we send
    std::optional<std::uint8_t> telephone_event;  ///< payload type (RFC 4733); none: not agreed
    bool operator==(const Format&) const = default;
};

/// Where a leg's peer takes its audio, and which ways audio may flow (as we see it).
struct Remote {
    config::Endpoint rtp;  ///< port 0: the peer takes none
    config::Endpoint rtcp;
    Format format;
    bool send = true;     ///< we may send to it
    bool receive = true;  ///< it may send to us
    bool latch = true;  ///< it may sit behind a NAT: its packets, coming from elsewhere, may show where it is
    bool rtcp_mux = false;  ///< RTCP goes and comes by the RTP port (RFC 5761); `rtcp` is not used then
    Protection protection{};
};

}  // namespace patchbay::media
