// The RTCP of each leg: reports we send every five seconds or so, and those that come from its peer.
#pragma once

#include <functional>
#include <random>
#include <span>
#include <string>

#include "media/leg_audio.hpp"
#include "media/rtcp_notice.hpp"
#include "media/traffic.hpp"

namespace patchbay::media {

class RtcpExchange {
  public:
    /// `canonical_name`: who we are in all our reports (RFC 7022: a random name, telling nothing).
    /// `host`: where our ports are; `told`: of every report, none when nobody cares.
    using Told = std::function<void(const RtcpNotice&)>;
    RtcpExchange(Traffic& traffic, std::string canonical_name, Address host = {}, Told told = {})
        : traffic_(traffic),
          canonical_name_(std::move(canonical_name)),
          host_(host),
          told_(std::move(told)) {}

    /// Takes one packet from the leg's RTCP port.
    void receive(LegAudio& leg, Moment now);
    /// Takes a plain packet that came from there, by either port.
    void take(LegAudio& leg, std::span<const std::uint8_t> packet, const Address& from, Moment now);
    /// When the leg's next report is due: 2.5 to 7.5 s from now (RFC 3550, section 6.3.1).
    Moment next_report(Moment now);
    void send_report(LegAudio& leg, Moment now) { send(leg, now, false); }
    /// Tells the peer that our stream ends, when there was one.
    void send_bye(LegAudio& leg, Moment now);

  private:
    void send(LegAudio& leg, Moment now, bool bye);
    void tell(const LegAudio& leg, bool sent, const Address& remote, const RtcpReport& report) const;
    void refuse(LegAudio& leg, Refusal reason);

    Traffic& traffic_;
    const std::string canonical_name_;
    const Address host_;
    const Told told_;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace patchbay::media
