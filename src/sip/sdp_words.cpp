#include "sip/sdp_words.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace patchbay::sip::sdp {

std::string_view next_word(std::string_view& rest) {
    rest = rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size()));
    const std::string_view word = rest.substr(0, rest.find_first_of(" \t"));
    rest.remove_prefix(word.size());
    return word;
}

std::optional<int> number_in(std::string_view text, int lowest, int highest) {
    const auto number = to_number(text);
    if (!number || *number < lowest || *number > highest) return std::nullopt;
    return static_cast<int>(*number);
}

}  // namespace patchbay::sip::sdp
