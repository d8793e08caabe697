#include "media/recording_track.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace patchbay::media {

namespace {

using call::RecordingState;

bool passes(RecordingState state) {
    return state == RecordingState::recording || state == RecordingState::masked;
}

std::int16_t saturated(int sample) {
    using Limits = std::numeric_limits<std::int16_t>;
    return static_cast<std::int16_t>(std::clamp<int>(sample, Limits::min(), Limits::max()));
}

}  // namespace

RecordingTrack::RecordingTrack(Moment started, int rate)
    : rate_(rate), window_(rate), waiting_(static_cast<std::size_t>(2 * rate)) {
    changes_.push_back({started, RecordingState::recording, 0});
}

void RecordingTrack::change(RecordingState state, Moment at) {
    changes_.push_back({at, state, frame_at(at)});
    streams_.clear();
}

const RecordingTrack::Change& RecordingTrack::change_at(Moment at) const {
    const auto last = std::find_if(changes_.rbegin(), changes_.rend(),
                                   [at](const Change& change) { return change.at <= at; });
    return last == changes_.rend() ? changes_.front() : *last;
}

std::int64_t RecordingTrack::frame_at(Moment at) const {
    const Change& change = change_at(at);
    if (!passes(change.state) || at < change.at) return change.frame;
    const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(at - change.at).count();
    return change.frame + passed * rate_ / 1'000'000;
}

/// The frame at which the packet begins.
std::int64_t RecordingTrack::place(const TappedPacket& packet, int clock) {
    const std::int64_t most_drift = rate_ / 5, arrived = frame_at(packet.at);
    Stream& stream = streams_[packet.speaker.value << 1 | static_cast<unsigned>(packet.side)];
    const auto ticks = std::int64_t{static_cast<std::int32_t>(packet.timestamp - stream.timestamp)};
    const std::int64_t expected = stream.frame + ticks * rate_ / clock;
    if (stream.begun && stream.ssrc == packet.ssrc && std::abs(expected - arrived) <= most_drift) {
        return expected;
    }
    stream = {packet.ssrc, packet.timestamp, arrived, true};
    return arrived;
}

void RecordingTrack::add(const TappedPacket& packet, std::span<const std::int16_t> samples, int clock) {
    if (change_at(packet.at).state != RecordingState::recording || packet.at < changes_.front().at) return;
    const std::int64_t begin = place(packet, clock);
    const auto end = begin + static_cast<std::int64_t>(samples.size());
    if (end > settled_ + window_) settle_to(end - window_);
    const std::int64_t first = std::max(begin, settled_);
    if (first >= end) return;
    const std::size_t channel = packet.side == Side::own ? 0 : 1;
    // A division for each sample would cost more than all the rest.
    std::size_t at = static_cast<std::size_t>(2 * (first % window_)) + channel;
    for (const std::int16_t sample : samples.subspan(static_cast<std::size_t>(first - begin))) {
        waiting_[at] = saturated(waiting_[at] + sample);
        at += 2;
        if (at >= waiting_.size()) at = channel;
    }
}

void RecordingTrack::settle(Moment until) {
    settle_to(frame_at(until));
}

void RecordingTrack::settle_to(std::int64_t frame) {
    const std::int64_t last = std::min(frame, settled_ + window_);
    while (settled_ < last) {
        const std::int64_t place = settled_ % window_, count = std::min(last - settled_, window_ - place);
        const auto begin = waiting_.begin() + 2 * place, end = begin + 2 * count;
        ready_.insert(ready_.end(), begin, end);
        std::fill(begin, end, std::int16_t{0});
        settled_ += count;
    }
    if (settled_ >= frame) return;
    ready_.resize(ready_.size() + static_cast<std::size_t>(2 * (frame - settled_)));
    settled_ = frame;
}

}  // namespace patchbay::media
