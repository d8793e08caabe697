#include "base/base64.hpp"

#include <cstddef>
#include <cstdint>

namespace patchbay {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string base64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto byte = [&](std::size_t i) {
            return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
        };
        const std::uint32_t group = byte(at) << 16U | byte(at + 1) << 8U | byte(at + 2);
        text += alphabet[group >> 18U];
        text += alphabet[group >> 12U & 63U];
        text += at + 1 < bytes.size() ? alphabet[group >> 6U & 63U] : '=';
        text += at + 2 < bytes.size() ? alphabet[group & 63U] : '=';
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    for (; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 255U);
    }
    // The bits that padding leaves over must be zero: one text for one value.
    if ((bits & ((1U << count) - 1)) != 0 || count / 2 != padding) return std::nullopt;
    return bytes;
}

}  // namespace patchbay
