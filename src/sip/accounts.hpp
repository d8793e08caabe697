// Who a SIP user is in the configuration: an extension, or a trunk that proves itself by digest.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"

namespace patchbay::sip {

/// The domain a request is for. `host`: of its To or Request-URI; `us`: that host is this node's address
/// rather than a domain's name, as phones write it that know only their server's address. Then it is the one
/// domain that has `number`, or the first domain when none or more than one has it. None: not our business.
const config::Domain* domain_of(const config::Config& config, std::string_view host, bool us,
                                std::string_view number);

/// One of both is set. They live as long as the configuration they were found in.
struct Account {
    const config::Extension* extension = nullptr;
    const config::Trunk* trunk = nullptr;

    const std::string& password() const;
};

/// Whose credentials these are: an extension's number, else a trunk's user. Users without a password have no
/// account.
std::optional<Account> find_account(const config::Domain& domain, std::string_view username);

}  // namespace patchbay::sip
