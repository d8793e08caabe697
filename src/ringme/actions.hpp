// The body of PUT …/current_calls/{call_api_id} → a command.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "call/command.hpp"
#include "config/config.hpp"

namespace patchbay::ringme {

/// What a client asks to be done with a call. Not yet looked at beyond its form.
struct Update {
    std::string action;
    std::string send_dst;  ///< empty: none was given
};

/// Reads {"action": …, "send_dst": …}; other members are ignored. The error's text says what was wrong; its
/// code is `invalid_json` or `invalid_request`.
Result<Update> parse_update(std::string_view body);

/// The command that carries the update out on `leg`. A `send_dst` written as prefix*number of the domain is
/// brought to the number.
Result<call::Action> to_action(const Update& update, LegId leg, const config::Domain& domain);

/// True for eavesdrop, whisper and conference.
bool is_supervising(const call::Action& action);

}  // namespace patchbay::ringme
