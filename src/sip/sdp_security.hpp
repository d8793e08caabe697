// The lines of SDP about encryption and ICE. For sdp_parse.cpp and sdp.cpp.
#pragma once

#include <string>
#include <string_view>

#include "sip/sdp.hpp"

namespace patchbay::sip::sdp {

/// Takes the attribute when it is one of these; false when it is another. What makes no sense counts as not
/// said: then nothing is agreed by it.
bool read_security(Security& security, std::string_view name, std::string_view value);

/// What the body says for a media line that does not say it itself (RFC 8122, section 5; RFC 8839, 5.4).
void inherit_security(Security& media, const Security& body);

void write_security(std::string& out, const Security& security);

}  // namespace patchbay::sip::sdp
