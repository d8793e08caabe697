#include "media/sender.hpp"

#include <algorithm>
#include <cstdlib>

#include "media/receiver.hpp"

namespace patchbay::media {

namespace {

constexpr int most_ahead = 1000, most_behind = 100;
constexpr int usual_packets_a_second = 50;

}  // namespace

void Sender::set_clock(int rate) {
    if (rate == clock_) return;
    clock_ = rate;
    source_ = LegId();
    mixed_ = false;
}

std::optional<RtpHeader> Sender::relay(const RtpHeader& in, LegId source, bool event, Moment now) {
    int ahead = sequence_distance(in_sequence_, in.sequence);
    bool joined = false;
    if (source != source_ || in.ssrc != in_ssrc_ || ahead > most_ahead || ahead < -most_behind ||
        (!event && ahead > 0 && jumped(in, now))) {
        join(in, source, now);
        ahead = 1;
        joined = true;
    } else if (ahead < -since_join_) {
        return std::nullopt;
    }
    const RtpHeader out{.marker = in.marker || joined,
                        .sequence = static_cast<std::uint16_t>(in.sequence + sequence_offset_),
                        .timestamp = in.timestamp + timestamp_offset_,
                        .ssrc = ssrc_};
    if (ahead > 0) {
        in_sequence_ = in.sequence;
        sequence_ = out.sequence;
        since_join_ = std::min(since_join_ + ahead, most_behind);
        if (!event || joined) {
            in_timestamp_ = in.timestamp;
            in_at_ = now;
            timestamp_ = out.timestamp;
            sent_at_ = now;
        }
    }
    return out;
}

void Sender::join(const RtpHeader& in, LegId source, Moment now) {
    sequence_offset_ = static_cast<std::uint16_t>(sequence_ + 1 - in.sequence);
    timestamp_offset_ =
        next_timestamp(now, static_cast<std::uint32_t>(clock_ / usual_packets_a_second)) - in.timestamp;
    source_ = source;
    in_ssrc_ = in.ssrc;
    since_join_ = -1;
    mixed_ = false;
}

bool Sender::jumped(const RtpHeader& in, Moment now) const {
    const auto change = std::int64_t{static_cast<std::int32_t>(in.timestamp - in_timestamp_)};
    // A timestamp may differ by a second from the time that passed.
    return std::abs(change - std::int64_t{ticks_in(now - in_at_, clock_)}) > clock_;
}

RtpHeader Sender::mixed(std::uint64_t tick, std::uint32_t tick_samples, Moment now) {
    const bool joined = !mixed_;
    timestamp_ = mixed_ ? timestamp_ + static_cast<std::uint32_t>(tick - tick_) * tick_samples
                        : next_timestamp(now, tick_samples);
    source_ = LegId();
    mixed_ = true;
    tick_ = tick;
    sent_at_ = now;
    return {.marker = joined, .sequence = ++sequence_, .timestamp = timestamp_, .ssrc = ssrc_};
}

RtpHeader Sender::event(std::uint32_t timestamp) {
    source_ = LegId();
    return {.sequence = ++sequence_, .timestamp = timestamp, .ssrc = ssrc_};
}

/// The last packet's timestamp moved on by the time since, at least by `least`.
std::uint32_t Sender::next_timestamp(Moment now, std::uint32_t least) const {
    if (sent_at_ == Moment{}) return timestamp_;
    return timestamp_ + std::max(least, ticks_in(now - sent_at_, clock_));
}

}  // namespace patchbay::media
