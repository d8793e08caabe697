// The words of an SDP line. For sdp_parse.cpp and sdp_formats.cpp.
#pragma once

#include <optional>
#include <string_view>

namespace patchbay::sip::sdp {

/// What a line should have been; nothing when all is well.
using Expected = std::optional<std::string_view>;

/// The next word of `rest`, which is shortened by it. Empty at the end.
std::string_view next_word(std::string_view& rest);

std::optional<int> number_in(std::string_view text, int lowest, int highest);

}  // namespace patchbay::sip::sdp
