// What is agreed for one leg's audio, as SDP settles it and media uses it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "config/config.hpp"
#include "media/protection.hpp"
#include "media/udptl.hpp"

namespace patchbay::media {

enum class Codec : std::uint8_t { pcma, pcmu, g722, opus, l16 };
constexpr std::size_t codec_count = 5;

/// The encoding's name in SDP (RFC 3551, section 6; RFC 7587).
std::string_view name(Codec codec);
std::optional<Codec> codec_named(std::string_view encoding_name);
/// Hz of the RTP clock we offer: 8,000 for G.722 although it samples at 16,000 (RFC 3551, section 4.5.2);
/// 48,000 for Opus at any bandwidth (RFC 7587, section 4.1); 16,000 for L16.
int clock_rate(Codec codec);
/// Channels that SDP names. Audio is of one channel; Opus is always written as two (RFC 7587, section 7).
int sdp_channels(Codec codec);

/// What the peer asks of the Opus we send it (RFC 7587, section 6.1).
struct OpusWish {
    int playback_rate = 48000;  ///< Hz; more is of no use to it
    int bitrate = 0;            ///< bits a second at most; 0: as we like
    bool fec = false;           ///< it makes use of forward error correction
    bool dtx = false;           ///< nothing need be sent in silence
    bool operator==(const OpusWish&) const = default;
};

/// One leg's audio as agreed. Payload types are those the peer expects in what we send, and uses in what it
/// sends.
struct Format {
    Codec codec = Codec::pcma;
    std::uint8_t payload_type = 8;
    int ptime = 20;                                 ///< milliseconds a packet we send
    std::optional<std::uint8_t> telephone_event{};  ///< payload type (RFC 4733); none: not agreed
    int clock_rate = 8000;                          ///< Hz of RTP timestamps
    int telephone_event_clock = 8000;               ///< Hz of an event's duration
    std::optional<std::uint8_t> comfort_noise{};    ///< payload type (RFC 3389); none: not agreed
    OpusWish opus{};
    bool operator==(const Format&) const = default;
};

/// Samples a second of the audio itself; for Opus the most it can carry.
int sample_rate(const Format& format);

/// True for both laws of G.711: one byte a sample, each recoded to the other by a table.
constexpr bool is_g711(Codec codec) {
    return codec == Codec::pcma || codec == Codec::pcmu;
}

/// True when packets of `from` can go on to a leg of `to` without being decoded.
bool can_relay(const Format& from, const Format& to);

/// How a digit goes to a leg's peer, and how one of its came.
enum class DigitWay : std::uint8_t {
    event,  ///< a telephone-event (RFC 4733)
    info,   ///< SIP INFO
    tones,  ///< among the audio
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
    std::optional<T38Terms> t38{};      ///< fax by T.38 in the place of audio, by the RTP port
    DigitWay digits = DigitWay::event;  ///< how digits go to it
    bool hear_tones = false;            ///< its digits may come among its audio
    int gain = 0;  ///< dB by which what it says is louder to others, -40 to 20; anything but 0 has it mixed
};

}  // namespace patchbay::media
