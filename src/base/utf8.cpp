#include "base/utf8.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace patchbay {

std::string as_utf8(std::string text) {
    if (is_utf8(text)) return text;
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80U; };
    std::ranges::replace_if(
        text, [&](char c) { return !is_ascii(c); }, '?');
    return text;
}

std::string as_line(std::string text) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20U || c == 0x7f; };
    std::ranges::replace_if(text, is_control, '?');
    return as_utf8(std::move(text));
}

}  // namespace patchbay
