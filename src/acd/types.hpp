// The words of the call centre: operator states, and how a waiting caller's time in a queue ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace patchbay::acd {

/// What an operator is doing. `stopped`: logged out. `auxwork`: on a break, with a reason; direct calls still
/// arrive. `reserved`: a phone is rung for a queue's caller. `busy`: has a call of any kind. `acw`: finishes
/// after a queue's call. `blocked`: locked until a supervisor unblocks.
enum class OperatorState : std::uint8_t { stopped, available, auxwork, reserved, busy, acw, blocked };

/// How a caller left a queue. `answered`: an operator took the call. `abandoned`: hung up. `overflowed`: sent
/// to the queue's overflow, or refused by it. `moved`: put elsewhere by a command. `callback`: asked to be
/// called back and hung up with its place kept.
enum class Leaving : std::uint8_t { answered, abandoned, overflowed, moved, callback };

/// What a call costs an operator: the talk, the time on hold, the work after it.
enum class Handling : std::uint8_t { talk, hold, acw };

/// The word of each value, as the dialects, metrics and the log print it.
std::string_view word(OperatorState state);
std::string_view word(Leaving leaving);
std::string_view word(Handling handling);

/// The value whose word that is; nothing for any other text.
std::optional<OperatorState> operator_state_named(std::string_view text);

}  // namespace patchbay::acd
