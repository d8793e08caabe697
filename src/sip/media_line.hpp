// What an m= line says of audio or fax, and the lines that we write (RFC 3264; T.38, annex D). Pure.
#pragma once

#include <vector>

#include "config/config.hpp"
#include "media/format.hpp"
#include "sip/sdp.hpp"

namespace patchbay::sip {

/// True for a line of audio over any kind of RTP that we know.
bool is_audio(const sdp::Media& line);
/// True for a line of T.38 over UDPTL.
bool is_t38(const sdp::Media& line);

/// The direction that the peer wants, 0.0.0.0 counted as "send me nothing" (RFC 3264, section 8.4).
sdp::Direction wanted(const sdp::Media& remote);

/// A line of audio of ours. `local`: where we take RTP; `ptime` in milliseconds.
sdp::Media audio_line(const config::Endpoint& local, std::vector<sdp::Format> formats,
                      sdp::Direction direction, int ptime);
/// A line of T.38 of ours: redundancy as `terms` (the peer's) say, and the version that all know.
sdp::Media t38_line(const config::Endpoint& local, const media::T38Terms& terms);
/// A line that says no to this one (RFC 3264, section 6).
sdp::Media refused(const sdp::Media& remote);

/// Where the peer of that line is, and who sends when our side has the direction `ours`. Its format and
/// whether RTCP shares the port are for the caller to say.
media::Remote remote_of(const sdp::Media& line, sdp::Direction ours, media::Protection protection);

}  // namespace patchbay::sip
