// Responses that belong to no leg any more. For .cpp files of this room alone.
#pragma once

#include "sip/agent.hpp"

namespace patchbay::sip {

/// A 2xx of an INVITE of ours that was repeated, because its ACK was lost, is acknowledged again; one that
/// made no dialog, such as a second one from a fork, is acknowledged and hung up (RFC 3261,
/// section 13.2.2.4). Any other is dropped. Takes the message.
void stray_response(Agent& agent, msg_s* message, sip_s* sip);

}  // namespace patchbay::sip
