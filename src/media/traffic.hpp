// What one media thread counts, packet by packet, without touching the shared metrics; flushed to them a few
// times a second.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace patchbay::media {

/// Why a received packet goes no further.
enum class Refusal : std::uint8_t {
    not_connected,  ///< nothing is agreed with the leg's peer yet
    malformed,      ///< no RTP, or its lengths lie
    size,           ///< no audio in it, or more than any packet time allows
    stranger,       ///< not from the leg's peer
    payload_type,   ///< not agreed
    on_hold,        ///< the peer is not to send just now
    protection,     ///< not encrypted as agreed, altered, or seen before
    unverified,     ///< a check without the password, or DTLS from where no peer was found
    rate,           ///< more reports than anybody needs
};
constexpr std::size_t refusals = 9;

/// What was odd about a received RTP packet that was taken all the same, or came to nothing by its place.
enum class Oddity : std::uint8_t {
    jump,       ///< another SSRC, or so far from the packet before that the stream begins anew
    duplicate,  ///< it was there already
    reordered,  ///< others overtook it
    late,       ///< when it came its place was past
    strange,    ///< of a time seconds away: ignored unless others follow
    broken,     ///< the codec can make nothing of it
};
constexpr std::size_t oddities = 6;

/// One thread's.
class Traffic {
  public:
    void relayed() { ++relayed_; }
    void mixed() { ++mixed_; }
    void refused(Refusal reason) { ++refused_[static_cast<std::size_t>(reason)]; }
    void odd(Oddity kind, std::uint64_t count = 1) { odd_[static_cast<std::size_t>(kind)] += count; }
    void send_failed() { ++send_failures_; }
    void ticks_late(std::uint64_t count) { ticks_late_ += count; }
    /// Adds what was counted since the last flush to the process's metrics.
    void flush();

  private:
    std::uint64_t relayed_ = 0, mixed_ = 0, send_failures_ = 0, ticks_late_ = 0;
    std::array<std::uint64_t, refusals> refused_{};
    std::array<std::uint64_t, oddities> odd_{};
};

}  // namespace patchbay::media
