// Who hears whom in a call: one value, computed by one pure function. Talk, hold, park, observe, consult,
// conference and early media are only different rows of it.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "base/ids.hpp"

namespace patchbay::call {

/// What the server plays by itself.
enum class Sound : std::uint8_t { music, ringback };

using Source = std::variant<LegId, Sound>;

/// What one leg hears: the sum of its sources. No source is silence.
struct HearingRow {
    LegId ear;
    std::vector<Source> sources;
    bool operator==(const HearingRow&) const = default;
};

/// A row for each leg of a call that has media, in the order of the legs.
using Hearing = std::vector<HearingRow>;

struct Call;

Hearing hearing(const Call& call);

}  // namespace patchbay::call
