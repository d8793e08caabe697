// Receiving a fax: a number for fax answers by itself, and its call ends when the fax has.
#pragma once

#include <string_view>

#include "call/core.hpp"

namespace patchbay::call::fax {

/// Media receives what that leg, just answered, sends. The leg ends when that cannot be begun.
void begin(Core& core, Leg& leg, const config::FaxNumber& number);
/// The sender hung up. True when the leg stays until media has closed its fax.
bool waits_for_end(Core& core, Leg& leg, const Cause& cause);
/// Media has closed the fax: `pages` came whole; `reason` why not all, empty when all did.
void ended(Core& core, Leg& leg, int pages, std::string_view reason);
/// The leg ends: a fax that is still being received has failed.
void end(Core& core, Leg& leg);

}  // namespace patchbay::call::fax
