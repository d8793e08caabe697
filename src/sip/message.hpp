// Headers of Sofia's messages by name, for what is not worth a typed accessor. Internal to the room.
#pragma once

#include <string>
#include <string_view>

#include "sip/agent.hpp"

namespace patchbay::sip {

/// Adds a header to a message being built. A value with CR or LF is not added (header injection).
void add_header(msg_s* message, const Header& header);

}  // namespace patchbay::sip
