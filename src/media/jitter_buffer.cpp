#include "media/jitter_buffer.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace patchbay::media {

namespace {

constexpr int seconds_apart = 3;  ///< more is no delay of any network that calls are made over
constexpr int proofs_of_a_jump = 3;

}  // namespace

JitterBuffer::Taken JitterBuffer::write(std::uint32_t timestamp, std::span<const std::uint8_t> payload,
                                        bool noise, Moment now) {
    const bool known = begun_ || !packets_.empty();
    const std::uint32_t reference = begun_ ? played_ : known ? packets_.front().timestamp : timestamp;
    const std::int32_t place = ahead(reference, timestamp);
    if (place > seconds_apart * clock_rate_ || place < -seconds_apart * clock_rate_) {
        if (++strange_ < proofs_of_a_jump) return Taken::strange;
        clear();
    } else if (begun_ && place < 0) {
        strange_ = 0;
        return Taken::late;
    }
    strange_ = 0;

    auto after = packets_.end();
    while (after != packets_.begin() && ahead(timestamp, std::prev(after)->timestamp) > 0) --after;
    if (after != packets_.begin() && std::prev(after)->timestamp == timestamp) return Taken::duplicate;
    Packet packet{.timestamp = timestamp, .arrived = now, .noise = noise, .payload = {}};
    if (!spare_.empty()) {
        packet.payload = std::move(spare_.back());
        spare_.pop_back();
    }
    packet.payload.assign(payload.begin(), payload.end());
    packets_.insert(after, std::move(packet));
    if (packets_.size() > most_packets) drop_front();
    return Taken::kept;
}

void JitterBuffer::drop_front() {
    spare_.push_back(std::move(packets_.front().payload));
    packets_.erase(packets_.begin());
}

void JitterBuffer::clear() {
    while (!packets_.empty()) drop_front();
    begun_ = false;
    strange_ = 0;
}

}  // namespace patchbay::media
