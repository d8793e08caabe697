#include "media/digit_sender.hpp"

#include <algorithm>

#include "media/codec.hpp"

namespace patchbay::media {

namespace {

constexpr int held_ticks = 5;   // 100 ms of tone
constexpr int end_packets = 3;  // RFC 4733, section 2.5.1.4
constexpr int pause_ticks = 3;
constexpr std::size_t most_waiting = 64;

}  // namespace

bool DigitSender::add(char digit) {
    const auto event = event_of(digit);
    if (!event || waiting_.size() >= most_waiting) return false;
    waiting_.push_back(*event);
    return true;
}

std::optional<DigitSender::Step> DigitSender::next() {
    if (waiting_.empty()) return std::nullopt;
    const int tick = tick_++;
    if (tick < held_ticks + end_packets) {
        const int length = std::min(tick + 1, held_ticks) * static_cast<int>(samples_of_frame(narrow_rate));
        return Step{{.event = waiting_.front(),
                     .end = tick >= held_ticks,
                     .duration = static_cast<std::uint16_t>(length)},
                    tick == 0};
    }
    if (tick_ >= held_ticks + end_packets + pause_ticks) {
        waiting_.pop_front();
        tick_ = 0;
    }
    return std::nullopt;
}

}  // namespace patchbay::media
