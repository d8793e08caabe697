// The one stream a leg receives from us. Whatever its source is just now (a relayed leg, another one, the
// mixer), it keeps one SSRC, and its sequence numbers and timestamps go on without a break.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ids.hpp"
#include "media/port_pool.hpp"
#include "media/rtp.hpp"

namespace patchbay::media {

class Sender {
  public:
    /// Where the stream begins; RFC 3550 wants all three random.
    Sender(std::uint32_t ssrc, std::uint16_t sequence, std::uint32_t timestamp)
        : ssrc_(ssrc), sequence_(sequence), timestamp_(timestamp) {}

    /// Hz of the stream's timestamps from now on; 8,000 at first.
    void set_clock(int rate);

    /// The header under which a packet of `source` goes on (its payload type is left to the caller). Gaps and
    /// reordering are kept; a change of source or a jump is joined to what was sent before. Nothing for a
    /// packet that belongs before such a join. `event`: a telephone-event, whose timestamp stands still.
    std::optional<RtpHeader> relay(const RtpHeader& in, LegId source, bool event, Moment now);

    /// The header of a packet of our own audio, sent at the mixer's tick of that number, `tick_samples` each.
    RtpHeader mixed(std::uint64_t tick, std::uint32_t tick_samples, Moment now);

    /// The header of a telephone-event packet among our own audio; all packets of one event have one
    /// timestamp.
    RtpHeader event(std::uint32_t timestamp);
    /// A timestamp for an event that begins now.
    std::uint32_t event_timestamp(Moment now) const { return next_timestamp(now, 0); }

    std::uint32_t ssrc() const { return ssrc_; }
    /// What the stream's timestamp would be now, for sender reports.
    std::uint32_t timestamp(Moment now) const { return next_timestamp(now, 0); }

  private:
    void join(const RtpHeader& in, LegId source, Moment now);
    bool jumped(const RtpHeader& in, Moment now) const;
    std::uint32_t next_timestamp(Moment now, std::uint32_t least) const;

    int clock_ = 8000;
    std::uint32_t ssrc_;
    std::uint16_t sequence_;   ///< the highest sent
    std::uint32_t timestamp_;  ///< its
    Moment sent_at_{};         ///< and when

    LegId source_;  ///< relayed just now; none: our own audio
    std::uint32_t in_ssrc_ = 0;
    std::uint16_t in_sequence_ = 0;
    std::uint32_t in_timestamp_ = 0;
    Moment in_at_{};
    std::uint16_t sequence_offset_ = 0;
    std::uint32_t timestamp_offset_ = 0;
    int since_join_ = 0;  ///< sequence numbers since the last join
    std::uint64_t tick_ = 0;
    bool mixed_ = false;  ///< the last packet was the mixer's
};

}  // namespace patchbay::media
