// Who calls (RFC 3323, 3325): read from what a caller sends, written for the one who is called.
#pragma once

#include <string>
#include <string_view>

#include "call/ports.hpp"

struct sip_s;

namespace patchbay::sip {

/// Who calls. P-Asserted-Identity counts only from a peer that is `trusted`; then From, with what it wishes
/// hidden.
call::Identity caller_of(const sip_s& message, bool trusted);

/// True when P-Asserted-Identity is there and names nobody that can be read: caller_of() goes by From then.
bool is_asserted_broken(const sip_s& message);

/// The header values that tell a called party who calls. Empty ones are not sent.
struct IdentityHeaders {
    std::string from;      ///< without its tag
    std::string asserted;  ///< P-Asserted-Identity
    std::string privacy;
};
/// `host`: the host part of URIs; `trusted`: the called party is a trunk that keeps secrets.
IdentityHeaders identity_headers(const call::Identity& caller, std::string_view host, bool trusted);

}  // namespace patchbay::sip
