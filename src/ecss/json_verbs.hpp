// The JSON socket's verbs on calls, as commands to the switch.
#pragma once

#include <string_view>

#include "ecss/json_message.hpp"
#include "ecss/requests.hpp"

namespace patchbay::ecss {

/// A verb; the pointer is for ever.
struct JsonVerb {
    std::string_view action;
    /// Errors: `invalid_request`, `no_such_leg` for an id of another form than ours.
    Result<SwitchRequest> (*read)(const JsonRequest& request);
};

/// Null when there is none of that name.
const JsonVerb* find_json_verb(std::string_view action);

}  // namespace patchbay::ecss
