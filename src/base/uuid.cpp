#include "base/uuid.hpp"

#include <array>
#include <charconv>

#include <sys/random.h>

#include "base/text.hpp"

namespace patchbay {
namespace {

constexpr std::size_t length = 36;
constexpr std::array<std::size_t, 4> dashes{8, 13, 18, 23};

std::optional<std::uint64_t> from_hex(std::string_view digits) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

}  // namespace

std::string Uuid::text() const {
    std::string text = hex16(high) + hex16(low);
    for (const std::size_t place : dashes) text.insert(place, 1, '-');
    return text;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != length) return std::nullopt;
    std::string digits;
    for (std::size_t i = 0, dash = 0; i < length; ++i) {
        if (dash < dashes.size() && i == dashes[dash]) {
            if (text[i] != '-') return std::nullopt;
            ++dash;
        } else {
            digits += text[i];
        }
    }
    const auto high = from_hex(std::string_view(digits).substr(0, 16));
    const auto low = from_hex(std::string_view(digits).substr(16));
    if (!high || !low) return std::nullopt;
    return Uuid{*high, *low};
}

Uuid Uuid::make(Time now) {
    constexpr std::uint64_t version_7 = 0x7000, variant = 1ULL << 63;
    std::array<std::uint64_t, 2> random{};
    // Up to 256 bytes come whole, once the kernel's pool is filled at boot.
    static_cast<void>(getrandom(random.data(), sizeof(random), 0));
    const auto milliseconds = static_cast<std::uint64_t>(now.time_since_epoch().count());
    return {milliseconds << 16 | version_7 | (random[0] & 0x0FFF), variant | (random[1] >> 2)};
}

}  // namespace patchbay
