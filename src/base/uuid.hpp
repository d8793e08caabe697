// The name of a recording: a UUID of version 7 (RFC 9562), so that it tells its time and nobody guesses it.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace patchbay {

/// 128 bits. Zero is "none".
struct Uuid {
    std::uint64_t high = 0, low = 0;

    auto operator<=>(const Uuid&) const = default;
    explicit operator bool() const { return high != 0 || low != 0; }
    /// 8-4-4-4-12 lowercase hex digits.
    std::string text() const;
    /// When a UUID of version 7 was made, to the millisecond.
    Time time() const { return Time{Milliseconds{static_cast<std::int64_t>(high >> 16)}}; }
    /// What text() writes, letters of either case; nothing for any other text.
    static std::optional<Uuid> parse(std::string_view text);
    /// Version 7: `now` in the upper 48 bits, 74 random bits from the kernel. Any thread.
    static Uuid make(Time now);
};

}  // namespace patchbay
