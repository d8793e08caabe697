#include "media/receiver.hpp"

#include <algorithm>
#include <cstdlib>

namespace patchbay::media {

namespace {

constexpr int most_ahead = 3000, most_behind = 100;  // RFC 3550, appendix A.1

}  // namespace

std::uint32_t ticks_in(std::chrono::steady_clock::duration time, int clock_rate) {
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    return static_cast<std::uint32_t>(microseconds * clock_rate / 1'000'000);
}

void Receiver::take(const RtpHeader& header, Moment now) {
    const int ahead = sequence_distance(static_cast<std::uint16_t>(highest_), header.sequence);
    const std::uint32_t transit = ticks_in(now.time_since_epoch(), clock_) - header.timestamp;
    if (!heard_ || header.ssrc != ssrc_ || ahead > most_ahead || ahead < -most_behind) {
        if (heard_) ++order_.jumps;
        begin(header);
    } else {
        if (ahead > 0) {
            highest_ += static_cast<std::uint32_t>(ahead);
        } else {
            ++(ahead == 0 ? order_.duplicate : order_.reordered);
        }
        const auto change = static_cast<std::int32_t>(transit - last_transit_);
        jitter_ += (std::abs(static_cast<double>(change)) - jitter_) / 16;
    }
    last_transit_ = transit;
    ++received_;
}

void Receiver::take(const SenderInfo& sender, Moment now) {
    last_sr_ = static_cast<std::uint32_t>(sender.ntp_time >> 16);
    last_sr_at_ = now;
}

void Receiver::begin(const RtpHeader& header) {
    lost_before_ = lost();
    heard_ = true;
    ssrc_ = header.ssrc;
    first_ = highest_ = header.sequence;
    received_ = expected_reported_ = received_reported_ = 0;
    jitter_ = 0;
    last_sr_ = 0;
}

std::int64_t Receiver::lost_of_this() const {
    return heard_ ? std::int64_t{highest_ - first_} + 1 - static_cast<std::int64_t>(received_) : 0;
}

std::uint64_t Receiver::lost() const {
    return lost_before_ + static_cast<std::uint64_t>(std::max<std::int64_t>(lost_of_this(), 0));
}

ReportBlock Receiver::report(Moment now) {
    const std::uint64_t expected = std::uint64_t{highest_ - first_} + 1;
    const auto expected_since = static_cast<std::int64_t>(expected - expected_reported_);
    const auto lost_since = expected_since - static_cast<std::int64_t>(received_ - received_reported_);
    expected_reported_ = expected;
    received_reported_ = received_;

    ReportBlock block{.ssrc = ssrc_, .highest_sequence = highest_, .jitter = jitter(), .last_sr = last_sr_};
    if (expected_since > 0 && lost_since > 0) {
        block.fraction_lost =
            static_cast<std::uint8_t>(std::min<std::int64_t>(lost_since * 256 / expected_since, 255));
    }
    block.packets_lost =
        static_cast<std::int32_t>(std::clamp<std::int64_t>(lost_of_this(), -0x800000, 0x7FFFFF));
    if (last_sr_ != 0) {
        const auto since = std::chrono::duration_cast<std::chrono::microseconds>(now - last_sr_at_).count();
        block.delay_since_sr = static_cast<std::uint32_t>(since * 65536 / 1'000'000);
    }
    return block;
}

}  // namespace patchbay::media
