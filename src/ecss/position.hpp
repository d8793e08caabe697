// Where a client is in the streams of changes: what it gives back to resume.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::ecss {

/// A place among the changes of conversations: after the journal's event of that offset, and after so many
/// changes that came since and are not the journal's (after-call work).
struct Position {
    std::uint64_t offset = 0;
    std::uint32_t step = 0;

    auto operator<=>(const Position&) const = default;
    /// `1042`, or `1042.1`.
    std::string text() const;
    static std::optional<Position> parse(std::string_view text);
};

/// What a client that was away has seen last.
struct Resume {
    std::optional<Position> conversations;
    std::uint64_t desk = 0;  ///< of operators and queues; 0: nothing
};

/// Reads both from their wire form; what makes no sense counts as nothing seen.
Resume resume_from(std::string_view offset, std::string_view desk_offset);

}  // namespace patchbay::ecss
