// What is counted of one received stream: loss and jitter as RTCP reports them (RFC 3550, appendices A.1, A.3
// and A.8).
#pragma once

#include <cstdint>

#include "media/port_pool.hpp"
#include "media/rtcp.hpp"
#include "media/rtp.hpp"

namespace patchbay::media {

/// Packets of a stream that were not the next.
struct OrderCounts {
    std::uint64_t jumps = 0;  ///< began the count anew
    std::uint64_t duplicate = 0, reordered = 0;
};

class Receiver {
  public:
    /// A packet of the stream came. A new SSRC, or a jump that no loss explains, begins the count anew.
    void take(const RtpHeader& header, Moment now);
    /// A sender report of the stream came.
    void take(const SenderInfo& sender, Moment now);

    /// Hz of the stream's timestamps; 8,000 at first.
    void set_clock(int rate) { clock_ = rate; }

    bool heard() const { return heard_; }
    std::uint32_t ssrc() const { return ssrc_; }
    /// Packets that never came, over all streams so far.
    std::uint64_t lost() const;
    /// Over all streams so far; a packet that was there before and is not the last counts as reordered.
    const OrderCounts& order() const { return order_; }
    /// In units of the stream's clock, as RTCP reports it.
    std::uint32_t jitter() const { return static_cast<std::uint32_t>(jitter_); }
    double jitter_ms() const { return jitter_ * 1000 / clock_; }
    /// The block for the next report; the fraction lost counts from the one before.
    ReportBlock report(Moment now);

  private:
    void begin(const RtpHeader& header);
    std::int64_t lost_of_this() const;

    int clock_ = 8000;
    bool heard_ = false;
    std::uint32_t ssrc_ = 0;
    std::uint32_t first_ = 0, highest_ = 0;  ///< sequences with the wraps counted in the upper half
    std::uint64_t received_ = 0, lost_before_ = 0;
    std::uint64_t expected_reported_ = 0, received_reported_ = 0;
    std::uint32_t last_transit_ = 0;
    double jitter_ = 0;
    OrderCounts order_;
    std::uint32_t last_sr_ = 0;
    Moment last_sr_at_{};
};

/// How far a clock of that many Hz goes in that time.
std::uint32_t ticks_in(std::chrono::steady_clock::duration time, int clock_rate);

}  // namespace patchbay::media
