#include "journal/json_out.hpp"

#include <algorithm>

namespace patchbay::journal {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

bool needs_escape(char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

void escape(std::string& out, char c) {
    if (c == '"' || c == '\\') {
        out.push_back('\\');
        out.push_back(c);
        return;
    }
    out.append("\\u00");
    out.push_back(hex_digits[static_cast<unsigned char>(c) >> 4]);
    out.push_back(hex_digits[static_cast<unsigned char>(c) & 0xf]);
}

}  // namespace

void JsonOut::hex(std::string_view key, std::uint64_t value) {
    begin(key);
    char digits[18] = {'"'};
    for (int at = 16; at > 0; --at, value >>= 4) digits[at] = hex_digits[value & 0xf];
    digits[17] = '"';
    out_.append(static_cast<const char*>(digits), sizeof digits);
}

void JsonOut::quoted(std::string_view value) {
    out_.push_back('"');
    if (std::none_of(value.begin(), value.end(), needs_escape)) {
        out_.append(value);
    } else {
        for (const char c : value) {
            if (needs_escape(c)) {
                escape(out_, c);
            } else {
                out_.push_back(c);
            }
        }
    }
    out_.push_back('"');
}

}  // namespace patchbay::journal
