#include "call/types.hpp"

#include <array>
#include <cstddef>

namespace patchbay::call {
namespace {

// Each table is in the order of its enumeration.
constexpr std::array<std::string_view, 8> leg_states{"idle", "initiating", "alerting", "connected",
                                                     "held", "queued",     "parked",   "ended"};
constexpr std::array<std::string_view, 2> directions{"in", "out"};
constexpr std::array<std::string_view, 3> roles{"talker", "observer", "consultant"};
constexpr std::array<std::string_view, 3> supervise_modes{"observe", "consult", "conference"};
constexpr std::array<std::string_view, 5> recording_states{"recording", "paused", "masked", "stopped",
                                                           "failed"};
constexpr std::array<std::string_view, 3> fax_states{"receiving", "received", "failed"};
constexpr std::array<std::string_view, 6> causes_by{"remote", "local", "api", "media", "timeout", "system"};

template <typename Value, std::size_t size>
std::string_view word_in(const std::array<std::string_view, size>& words, Value value) {
    return words.at(static_cast<std::size_t>(value));
}

template <typename Value, std::size_t size>
std::optional<Value> value_in(const std::array<std::string_view, size>& words, std::string_view text) {
    for (std::size_t i = 0; i < size; ++i) {
        if (words.at(i) == text) return static_cast<Value>(i);
    }
    return std::nullopt;
}

}  // namespace

std::string_view word(LegState state) {
    return word_in(leg_states, state);
}
std::string_view word(Direction direction) {
    return word_in(directions, direction);
}
std::string_view word(Role role) {
    return word_in(roles, role);
}
std::string_view word(SuperviseMode mode) {
    return word_in(supervise_modes, mode);
}
std::string_view word(RecordingState state) {
    return word_in(recording_states, state);
}
std::string_view word(FaxState state) {
    return word_in(fax_states, state);
}
std::string_view word(CauseBy by) {
    return word_in(causes_by, by);
}

std::optional<LegState> leg_state_named(std::string_view text) {
    return value_in<LegState>(leg_states, text);
}
std::optional<Direction> direction_named(std::string_view text) {
    return value_in<Direction>(directions, text);
}
std::optional<Role> role_named(std::string_view text) {
    return value_in<Role>(roles, text);
}
std::optional<SuperviseMode> supervise_mode_named(std::string_view text) {
    return value_in<SuperviseMode>(supervise_modes, text);
}
std::optional<RecordingState> recording_state_named(std::string_view text) {
    return value_in<RecordingState>(recording_states, text);
}
std::optional<FaxState> fax_state_named(std::string_view text) {
    return value_in<FaxState>(fax_states, text);
}
std::optional<CauseBy> cause_by_named(std::string_view text) {
    return value_in<CauseBy>(causes_by, text);
}

}  // namespace patchbay::call
