#include "acd/types.hpp"

#include <algorithm>
#include <array>

namespace patchbay::acd {
namespace {

constexpr std::array<std::string_view, 7> states{"stopped", "available", "auxwork", "reserved",
                                                 "busy",    "acw",       "blocked"};
constexpr std::array<std::string_view, 5> leavings{"answered", "abandoned", "overflowed", "moved",
                                                   "callback"};
constexpr std::array<std::string_view, 3> handlings{"talk", "hold", "acw"};

}  // namespace

std::string_view word(OperatorState state) {
    return states.at(static_cast<std::size_t>(state));
}

std::string_view word(Leaving leaving) {
    return leavings.at(static_cast<std::size_t>(leaving));
}

std::string_view word(Handling handling) {
    return handlings.at(static_cast<std::size_t>(handling));
}

std::optional<OperatorState> operator_state_named(std::string_view text) {
    const auto* const found = std::ranges::find(states, text);
    if (found == states.end()) return std::nullopt;
    return static_cast<OperatorState>(found - states.begin());
}

}  // namespace patchbay::acd
