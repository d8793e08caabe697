// The names of legs and calls. Everything is reached by id, never by pointer; a stale id is an ordinary
// refusal.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace patchbay {

/// A leg's id, time-ordered: microseconds since 1970 in the upper 56 bits, a counter in the lower 8.
/// ECSS prints it as `conversation_id` (16 lowercase hex digits). Zero is "no leg".
struct LegId {
    std::uint64_t value = 0;

    auto operator<=>(const LegId&) const = default;
    explicit operator bool() const { return value != 0; }
    /// 16 lowercase hex digits.
    std::string text() const;
    /// The id of 16 hex digits of either case; nothing for any other text.
    static std::optional<LegId> parse(std::string_view text);
};

/// A call's reference, which joins its legs in history. Printed in decimal. Zero is "no call".
struct CallRef {
    std::uint64_t value = 0;

    auto operator<=>(const CallRef&) const = default;
    explicit operator bool() const { return value != 0; }
    std::string text() const;
    static std::optional<CallRef> parse(std::string_view text);
};

/// Makes ids that rise with time and never repeat within one process. Not thread-safe.
class IdSource {
  public:
    explicit IdSource(Clock& clock) : clock_(clock) {}
    LegId next_leg() { return LegId{next()}; }
    CallRef next_call() { return CallRef{next()}; }

  private:
    std::uint64_t next();
    Clock& clock_;
    std::uint64_t last_ = 0;
};

}  // namespace patchbay

template <>
struct std::hash<patchbay::LegId> {
    std::size_t operator()(patchbay::LegId id) const noexcept { return std::hash<std::uint64_t>{}(id.value); }
};

template <>
struct std::hash<patchbay::CallRef> {
    std::size_t operator()(patchbay::CallRef ref) const noexcept {
        return std::hash<std::uint64_t>{}(ref.value);
    }
};
