// What a queue's announcements are put together from: the names that media.sounds gives its files.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::config {

/// Name → file, as media.sounds has them.
using SoundFiles = std::map<std::string, std::string>;

/// The sounds that announcements ask for beside those of numbers (`number.0`, `number.1` …).
namespace announced {
inline constexpr std::string_view position = "queue.position";  ///< before the caller's place
inline constexpr std::string_view wait = "queue.wait";          ///< before the minutes
inline constexpr std::string_view minutes = "queue.minutes";    ///< after them
}  // namespace announced

/// The names of the sounds that say a number: its own when it has one; else its hundreds, or its tens, and
/// what is left; else its digits one by one. Empty when those that are there cannot say it.
std::vector<std::string> spoken_number(std::size_t number, const SoundFiles& sounds);

/// What is missing for `announce` (none, position, wait or both) to be said whole with any number up to 99.
std::vector<std::string> missing_sounds(std::string_view announce, const SoundFiles& sounds);

}  // namespace patchbay::config
