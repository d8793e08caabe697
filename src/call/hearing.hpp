// Who hears whom in a call: one value, computed by one pure function. Talk, hold, park, observe, consult,
// conference, early media and announcements are only different rows of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.hpp"

namespace patchbay::call {

/// What the server plays by itself, again and again. One that is not there is silence.
struct Sound {
    std::uint32_t id = 0;  ///< of its name: named()
    bool operator==(const Sound&) const = default;

    /// The sound that settings call so (`media.sounds`), or one of our own: "music", "recording.notice",
    /// "ringback" and, by country, "ringback.us". The id depends on the name alone (FNV-1a, 32 bits).
    static constexpr Sound named(std::string_view name) {
        std::uint32_t id = 2166136261U;
        for (const char letter : name) id = (id ^ static_cast<std::uint8_t>(letter)) * 16777619U;
        return {id};
    }
    static const Sound music;
    static const Sound ringback;
    static const Sound notice;  ///< that a recording is under way: a short tone, then long silence
};
inline constexpr Sound Sound::music = Sound::named("music");
inline constexpr Sound Sound::ringback = Sound::named("ringback");
inline constexpr Sound Sound::notice = Sound::named("recording.notice");

/// Sounds played once, one after the other, while the row's other sounds are softer; those that are not there
/// are left out. With another id the same sounds are played anew.
struct Announcement {
    std::vector<std::string> sounds;  ///< their names
    std::uint32_t id = 0;
    bool operator==(const Announcement&) const = default;
};

using Source = std::variant<LegId, Sound, Announcement>;

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
