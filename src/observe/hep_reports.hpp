// What is copied to a capture server: RTCP reports of both sides, and each leg's quality when it has ended.
#pragma once

#include <string>

#include "call/event.hpp"
#include "media/engine.hpp"
#include "observe/hep.hpp"

namespace patchbay::observe {

/// An RTCP report as capture servers read it.
std::string json_of(const media::RtcpReport& report);
/// What a leg's audio was like.
std::string json_of(LegId leg, CallRef call, const call::Quality& quality);

/// Any thread.
class HepReports {
  public:
    explicit HepReports(const config::Hep& settings) : rtcp_(settings.rtcp), sender_(settings) {}

    bool wants_rtcp() const { return rtcp_ && sender_.on(); }
    void rtcp(const media::RtcpNotice& notice) const;
    /// Of all events it takes the end of a leg.
    void take(const call::Event& event) const;

  private:
    bool rtcp_;
    HepSender sender_;
};

}  // namespace patchbay::observe
