// The formats of a media line: payload types, a=rtpmap and a=fmtp (RFC 8866, sections 5.14, 6.6 and 6.15).
// For sdp_parse.cpp.
#pragma once

#include <string_view>

#include "sip/sdp.hpp"
#include "sip/sdp_words.hpp"

namespace patchbay::sip::sdp {

/// Takes `format_text` apart into `formats`; those of static payload types are known.
Expected read_formats(Media& media);

Expected read_rtpmap(Media& media, std::string_view value);
/// An attribute of a line of T.38 (ITU-T T.38, annex D). What cannot be read is left as it is without it.
void read_t38(Media& media, std::string_view name, std::string_view value);
void read_fmtp(Media& media, std::string_view value);

}  // namespace patchbay::sip::sdp
