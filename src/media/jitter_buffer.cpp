#include "media/jitter_buffer.hpp"

#include <algorithm>

#include "media/g711.hpp"

namespace patchbay::media {

namespace {

constexpr std::uint32_t target = 2 * frame_samples;  ///< how long the first packet of a stretch waits
constexpr std::size_t longest_wait = 4 * frame_samples;
constexpr int judged_reads = 50;

}  // namespace

void JitterBuffer::reset() {
    ring_.fill(0);
    flowing_ = false;
}

void JitterBuffer::begin(std::uint32_t timestamp) {
    ring_.fill(0);
    next_ = end_ = timestamp - target;
    flowing_ = true;
    reads_ = 0;
    least_waiting_ = capacity;
}

void JitterBuffer::write(std::uint32_t timestamp, Codec codec, std::span<const std::uint8_t> payload) {
    if (payload.size() > capacity / 2) return;
    const auto count = static_cast<std::uint32_t>(payload.size());
    auto place = static_cast<std::int32_t>(timestamp - next_);
    const bool far =
        place > static_cast<std::int32_t>(capacity - count) || place < -static_cast<std::int32_t>(capacity);
    if (!flowing_ || far) {
        begin(timestamp);
        place = static_cast<std::int32_t>(target);
    }
    const std::uint32_t missed =
        place < 0 ? std::min(static_cast<std::uint32_t>(-place), count) : 0;  // its place is already played
    for (std::uint32_t i = missed; i < count; ++i) put(timestamp + i, decode(codec, payload[i]));
    if (static_cast<std::int32_t>(timestamp + count - end_) > 0) end_ = timestamp + count;
}

bool JitterBuffer::read(Frame& frame) {
    if (!flowing_) return false;
    if (static_cast<std::int32_t>(end_ - next_) <= 0) {
        flowing_ = false;
        return false;
    }
    shorten();
    for (std::int16_t& sample : frame) {
        sample = ring_[next_ % capacity];
        put(next_++, 0);
    }
    return true;
}

/// Skips a frame when even the shortest wait of a second was long: the sender's clock is faster than ours, or
/// a burst once came.
void JitterBuffer::shorten() {
    least_waiting_ = std::min(least_waiting_, waiting());
    if (++reads_ < judged_reads) return;
    if (least_waiting_ > longest_wait) {
        for (std::size_t i = 0; i < frame_samples; ++i) put(next_++, 0);
    }
    reads_ = 0;
    least_waiting_ = capacity;
}

}  // namespace patchbay::media
