// How codecs are named in SDP: static and dynamic payload types, a=rtpmap and a=fmtp, both ways. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/format.hpp"
#include "sip/sdp.hpp"

namespace patchbay::sip {

/// The codec that line of SDP means, when we know it with that clock and those channels.
std::optional<media::Codec> codec_of(const sdp::Format& format);

/// True for comfort noise (RFC 3389), at any clock.
bool is_comfort_noise(const sdp::Format& format);

/// What an a=fmtp of Opus asks of our encoder (RFC 7587, section 6.1). What cannot be read is left as it is
/// without it.
media::OpusWish opus_wish(std::string_view parameters);

/// The formats of an offer of ours: these codecs in that order, then telephone-events at each clock they
/// need. `named`: formats of the peer's last body, whose dynamic payload types keep their meaning (RFC 3264,
/// section 8.3.2). `events`: telephone-events are wanted; `noise`: comfort noise is, where a codec has its
/// clock.
std::vector<sdp::Format> offered_formats(std::span<const media::Codec> codecs,
                                         std::span<const sdp::Format> named, bool events, bool noise);

/// The formats of an answer of ours that takes what was agreed.
std::vector<sdp::Format> answered_formats(const media::Format& format);

/// What both sides speak when `chosen` of the peer's line is taken; `ptime` in milliseconds where the peer
/// says none. A chosen codec must be one of codec_of().
media::Format agreed_format(const sdp::Media& line, const sdp::Format& chosen, int ptime);

}  // namespace patchbay::sip
