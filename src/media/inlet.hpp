// The way into a media thread: an RTP packet is received, judged, and passed to all who hear its leg.
#pragma once

#include <array>

#include "media/digits.hpp"
#include "media/faxes.hpp"
#include "media/leg_audio.hpp"
#include "media/recording_ring.hpp"
#include "media/rtcp_exchange.hpp"
#include "media/security_exchange.hpp"
#include "media/traffic.hpp"

namespace patchbay::media {

class Inlet {
  public:
    Inlet(Traffic& traffic, RtcpExchange& rtcp, SecurityExchange& security, RecordingRing& taps,
          Digits& digits, bool hear_all_digits)
        : traffic_(traffic),
          rtcp_(rtcp),
          security_(security),
          taps_(taps),
          digits_(digits),
          hear_all_digits_(hear_all_digits) {}

    /// Takes one packet from the leg's RTP port. `tick`: the mixer's, now.
    void receive(LegAudio& leg, Moment now, std::uint64_t tick);

  private:
    std::optional<Refusal> judge(LegAudio& leg, const Address& from, const RtpPacket& packet,
                                 Moment now) const;
    void refuse(LegAudio& leg, Refusal reason);
    void take_event(LegAudio& leg, const RtpPacket& packet, Moment now);
    /// What a packet carries.
    enum class Kind : std::uint8_t { audio, noise, event };
    /// `format`: what the packet is in, the leg's or its last one.
    static bool all_take_tones(const LegAudio& leg);
    void take_audio(LegAudio& leg, const RtpPacket& packet, const Format& format, Kind kind, Moment now,
                    std::uint64_t tick);
    void tap(const LegAudio& leg, std::uint64_t recording, Side side, const RtpPacket& packet, Codec codec,
             Moment now);
    void relay(const LegAudio& leg, LegAudio& ear, const RtpPacket& packet, const Format& from, Kind kind,
               Moment now);

    static constexpr std::size_t largest_packet = 2048;
    Traffic& traffic_;
    RtcpExchange& rtcp_;
    SecurityExchange& security_;
    RecordingRing& taps_;
    Digits& digits_;
    const bool hear_all_digits_;
    alignas(8) std::array<std::uint8_t, largest_packet> received_{};  // as libsrtp wants its words
    std::array<std::uint8_t, largest_packet> sending_{};
    std::array<std::uint8_t, largest_packet> silence_{};
};

}  // namespace patchbay::media
