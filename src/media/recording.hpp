// What is known of a recording beside its sound, kept as JSON next to it, so that who may hear it can be told
// without any database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "call/ports.hpp"

namespace patchbay::media {

struct RecordingFacts {
    std::string domain{};
    std::string number{};       ///< the recorded party; empty for an outside one
    std::string operator_id{};  ///< who worked there; empty: none
    std::string group{};        ///< that operator's
    std::string remote_number{};
    std::string queue_id{};
    LegId leg{};
    CallRef call{};
    Time started{};
    bool operator==(const RecordingFacts&) const = default;
};

RecordingFacts facts_of(LegId leg, const call::RecordingOrder& order);
std::string json_of(const RecordingFacts& facts);
/// Nothing when it is no such JSON.
std::optional<RecordingFacts> facts_from_json(std::string_view text);

}  // namespace patchbay::media
