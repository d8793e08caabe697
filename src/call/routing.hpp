// Where a dialled number leads: one pure decision.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "call/call.hpp"
#include "call/directory.hpp"

namespace patchbay::call {

/// Ring an extension of the domain.
struct ToExtension {
    Party party;
};
/// Ring an outside number over a trunk.
struct ToTrunk {
    std::string trunk, number;
    std::string caller_id;  ///< number to show; empty: the caller's own
};
/// Take who waits in that parking slot, if anybody does.
struct ToSlot {
    int slot = 0;
};
/// Wait in that queue.
struct ToQueue {
    std::string id, number;
};
/// It leads nowhere.
struct ToNothing {
    Cause cause;
};

using Route = std::variant<ToExtension, ToTrunk, ToSlot, ToQueue, ToNothing>;

/// Where `dialled` leads in the domain. An extension's own number comes first, then the queues, then the
/// parking slots (a number for fax is none that anybody talks with), then the longest outbound prefix of the
/// trunks, if the asker `may_call_out`. Whoever came in over a trunk, or is not known, may not: nobody
/// outside calls out through us.
Route route(const Directory& directory, std::string_view domain, std::string_view dialled, bool may_call_out);

/// The number of the domain that a call to `did` over that trunk is for; nothing when the trunk has no such.
std::optional<std::string> number_of_did(const Directory& directory, std::string_view domain,
                                         std::string_view trunk, std::string_view did);

}  // namespace patchbay::call
