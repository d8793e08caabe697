// Small work on text that more than one room needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace patchbay {

/// 16 lowercase hex digits.
std::string hex16(std::uint64_t value);

/// Lowercase hex of any bytes.
std::string hex(std::string_view bytes);

/// Without the white space (space, tab, CR, LF) at both ends.
std::string_view trim(std::string_view text);

/// ASCII only: A to Z become a to z.
std::string lower(std::string_view text);

/// Equal but for the case of ASCII letters.
bool iequals(std::string_view a, std::string_view b);

/// The parts between separators; empty parts are kept, so there is always at least one.
std::vector<std::string_view> split(std::string_view text, char separator);

/// A whole decimal number that fits, with nothing before or after it.
std::optional<std::int64_t> to_number(std::string_view text);

/// True when the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool is_utf8(std::string_view bytes);

/// Same bytes? Takes the same time wherever they differ; for secrets.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// `YYYY<d>MM<d>DD HH:MM:SS` in UTC, d being the date separator. ECSS writes '/', Ringme '-'.
std::string date_time(Time time, char date_separator);

/// Reads what date_time writes; nothing when the text is of any other form or no real date.
std::optional<Time> parse_date_time(std::string_view text, char date_separator);

}  // namespace patchbay
