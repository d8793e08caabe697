#include "media/telephone_event.hpp"

#include <string_view>

#include "media/bytes.hpp"

namespace patchbay::media {

namespace {

constexpr std::string_view digits = "0123456789*#ABCD";

}  // namespace

std::optional<TelephoneEvent> parse_telephone_event(std::span<const std::uint8_t> payload) {
    if (payload.size() < 4) return std::nullopt;
    return TelephoneEvent{.event = payload[0],
                          .end = (payload[1] & 0x80) != 0,
                          .volume = static_cast<std::uint8_t>(payload[1] & 0x3F),
                          .duration = read16(payload.data() + 2)};
}

std::array<std::uint8_t, 4> build_telephone_event(const TelephoneEvent& event) {
    std::array<std::uint8_t, 4> payload{
        event.event, static_cast<std::uint8_t>((event.end ? 0x80 : 0) | (event.volume & 0x3F))};
    write16(payload.data() + 2, event.duration);
    return payload;
}

std::optional<char> digit_of(std::uint8_t event) {
    if (event >= digits.size()) return std::nullopt;
    return digits[event];
}

std::optional<std::uint8_t> event_of(char digit) {
    const char upper = digit >= 'a' && digit <= 'd' ? static_cast<char>(digit - 'a' + 'A') : digit;
    const auto place = digits.find(upper);
    if (place == std::string_view::npos) return std::nullopt;
    return static_cast<std::uint8_t>(place);
}

std::optional<char> DigitReader::take(const TelephoneEvent& event, std::uint32_t timestamp) {
    if (!event.end || done_ == timestamp) return std::nullopt;
    done_ = timestamp;
    return digit_of(event.event);
}

}  // namespace patchbay::media
