#include "acd/record.hpp"

namespace patchbay::acd {

OperatorState state_of(const OperatorRecord& person) {
    if (!person.logged_in) return OperatorState::stopped;
    if (!person.engaged.empty()) return OperatorState::busy;
    if (person.offer) return OperatorState::reserved;
    if (person.blocked) return OperatorState::blocked;
    if (person.finishing != nullptr) return OperatorState::acw;
    return person.on_break ? OperatorState::auxwork : OperatorState::available;
}

}  // namespace patchbay::acd
