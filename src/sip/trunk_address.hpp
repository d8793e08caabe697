// How a trunk is written in URIs.
#pragma once

#include <string>
#include <string_view>

#include "config/config.hpp"

namespace patchbay::sip {

/// `host[:port][;transport=tcp]`. The usual port after a host's name is left out, so that the name's SRV
/// records decide (RFC 3263, section 4.2).
std::string trunk_address(const config::Trunk& trunk);
/// `sip:user@` and that; without a user `sip:` and that.
std::string trunk_uri(const config::Trunk& trunk, std::string_view user);

}  // namespace patchbay::sip
