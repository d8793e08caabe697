#include "media/telephone_event.hpp"

#include <algorithm>
#include <string_view>

#include "media/bytes.hpp"

namespace patchbay::media {

namespace {

constexpr std::string_view digits = "0123456789*#ABCD";

}  // namespace

TelephoneEvent TelephoneEvent::with_clock(int from, int to) const {
    TelephoneEvent other = *this;
    other.duration = static_cast<std::uint16_t>(std::min(duration * to / from, 0xFFFF));
    return other;
}

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

bool DigitReader::begins(const TelephoneEvent& event, std::uint32_t timestamp, std::uint32_t ssrc) {
    constexpr std::int32_t longest_delay =
        10 * 48000;  // of an event that was overtaken, in the fastest clock
    const auto ahead = static_cast<std::int32_t>(timestamp - timestamp_);
    const bool same_stream = any_ && ssrc == ssrc_;
    if (same_stream && ahead <= 0 && ahead > -longest_delay) {
        if (ahead == 0) last_ = event;
        return false;
    }
    const bool goes_on = same_stream && !last_.end && event.event == last_.event &&
                         ahead == std::int32_t{last_.duration} && last_.duration == 0xFFFF;
    last_ = event;
    timestamp_ = timestamp;
    ssrc_ = ssrc;
    any_ = true;
    return !goes_on;
}

}  // namespace patchbay::media
