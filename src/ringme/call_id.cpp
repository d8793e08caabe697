#include "ringme/call_id.hpp"

#include "base/text.hpp"

namespace patchbay::ringme {
namespace {

// The finalizer of splitmix64: every bit of the id changes half of the result's.
std::uint64_t mix(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15U;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
}

}  // namespace

std::string call_api_id(LegId leg) {
    return hex16(mix(leg.value)) + hex16(leg.value);
}

std::optional<LegId> parse_call_api_id(std::string_view text) {
    if (text.size() != 32) return std::nullopt;
    const auto leg = LegId::parse(text.substr(16));
    if (!leg || !*leg || call_api_id(*leg) != text) return std::nullopt;
    return leg;
}

}  // namespace patchbay::ringme
