// SDP as audio calls need it (RFC 8866; RFC 4566 bodies parse too). Tolerant of what phones send (bare LF,
// unknown lines, blank lines at the end), strict about sizes: a body past the limits is refused, never
// truncated. Pure text in and out; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"
#include "media/protection.hpp"
#include "media/udptl.hpp"

namespace patchbay::sip::sdp {

/// Which ways media flows, as the writer of the body sees it (RFC 8866, section 6.7).
enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

std::string_view word(Direction direction);
/// The same flow as the other side sees it: sendonly becomes recvonly and back.
Direction reversed(Direction direction);
bool sends(Direction direction);
bool receives(Direction direction);
Direction direction_of(bool sends, bool receives);

/// The transport of an m= line. `udptl` carries fax (T.38); `other` is anything that carries no RTP we know.
enum class Profile : std::uint8_t { avp, avpf, savp, savpf, dtls_savp, dtls_savpf, udptl, other };

/// One format of an RTP m= line, completed from a=rtpmap or the static payload types (RFC 3551, section 6).
struct Format {
    std::uint8_t payload_type = 0;
    std::string encoding;  ///< empty: a dynamic payload type nobody explained
    int clock_rate = 0;    ///< Hz
    int channels = 1;
    std::string parameters;  ///< of a=fmtp, as written
    bool operator==(const Format&) const = default;
};

/// One a=crypto line (RFC 4568, section 9.1).
struct Crypto {
    int tag = 0;
    std::string suite;
    std::string parameters;  ///< keys and session parameters as written
    bool operator==(const Crypto&) const = default;
};

/// What an m= line says of encryption and of finding its peer: its own, or the body's.
struct Security {
    std::vector<Crypto> crypto;
    std::optional<media::Fingerprint> fingerprint;  ///< RFC 8122
    std::string setup;                              ///< active, passive, actpass, … (RFC 4145)
    media::IceCredentials ice;                      ///< empty: no ICE (RFC 8839)
    std::vector<std::string> candidates;            ///< only written: we take no address on trust
    bool operator==(const Security&) const = default;
};

/// One m= line and what belongs to it.
struct Media {
    std::string kind;  ///< "audio", "video", …
    std::uint16_t port = 0;
    Profile profile = Profile::avp;
    std::string profile_text;              ///< as written
    std::string format_text;               ///< the formats as written
    std::vector<Format> formats;           ///< for RTP profiles; in the writer's order
    std::string address;                   ///< where it is received: its own c=, or the body's
    std::optional<Direction> direction;    ///< its own, or the body's
    int ptime = 0;                         ///< ms; 0: not said
    std::optional<config::Endpoint> rtcp;  ///< a=rtcp (RFC 3605); its address may be empty: as for RTP
    bool rtcp_mux = false;                 ///< RFC 5761
    std::string mid;                       ///< RFC 5888
    media::T38Terms t38;                   ///< of a line of T.38
    Security security;
    bool operator==(const Media&) const = default;
};

/// o=. Session id and version are kept as text: phones write more than numbers there, and equality is all
/// that matters.
struct Origin {
    std::string username = "-";
    std::string session_id = "0";
    std::string version = "0";
    std::string address;
    bool operator==(const Origin&) const = default;
};

struct Description {
    Origin origin;
    std::string name = "-";
    std::vector<std::string> bundle;  ///< the mids of a=group:BUNDLE (RFC 9143)
    bool ice_lite = false;            ///< RFC 8445, section 2.5
    std::vector<Media> media;
    bool operator==(const Description&) const = default;
};

/// What a body may hold.
struct Limits {
    static constexpr std::size_t bytes = 16 * 1024;
    static constexpr std::size_t lines = 400;
    static constexpr std::size_t line_bytes = 2048;
    static constexpr std::size_t media = 16;
    static constexpr std::size_t formats = 128;  ///< in one m= line: as many as there are payload types
    static constexpr std::size_t crypto = 16;    ///< in one m= line; more are passed over
};

/// Reads a body. Error code `sdp_malformed`; the text names the line and what was expected.
Result<Description> parse(std::string_view body);

/// Writes a body with CRLF line ends. c= is written once for the body, from origin.address, and again under
/// each m= line with a port whose address differs.
std::string write(const Description& description);

/// A line of T.38 over UDPTL at that address, with the usual terms (ITU-T T.38, annex D).
Media t38_line(const config::Endpoint& local);

/// True for an IPv4 or IPv6 literal, no other.
bool is_address(std::string_view text);
/// True for 0.0.0.0 and ::, which ask that nothing be sent (RFC 3264, section 8.4).
bool is_unspecified(std::string_view address);

}  // namespace patchbay::sip::sdp
