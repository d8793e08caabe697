// The fax machines of one media thread. Legs come to it from others when they turn out to send a fax.
#pragma once

#include <functional>
#include <vector>

#include "media/leg_audio.hpp"
#include "media/traffic.hpp"

namespace patchbay::media {

class Faxes {
  public:
    /// Told once of each fax: its leg, the pages that came whole, and why not all (static storage).
    using Ended = std::function<void(LegId, int pages, std::string_view reason)>;
    Faxes(Traffic& traffic, Ended ended) : traffic_(traffic), ended_(std::move(ended)) {}

    /// The leg is a fax machine's from now on.
    void begin(LegAudio& leg, std::unique_ptr<FaxLeg> fax);
    /// The sender is gone: what came of its fax is told at the next tick.
    static void hang_up(LegAudio& leg);
    /// A packet from the leg's RTP port, when T.38 is agreed. False when it is a stranger's or no T.38.
    static bool take(LegAudio& leg, std::span<const std::uint8_t> datagram, const Address& from, Moment now);

    bool idle() const { return legs_.empty(); }
    /// 20 ms pass.
    void tick(std::uint64_t number, Moment now);
    void forget(const LegAudio& leg);

  private:
    void serve(LegAudio& leg, std::uint64_t number, Moment now);
    void send_datagrams(LegAudio& leg);
    void send_sound(LegAudio& leg, std::uint64_t number, Moment now);
    bool ended(const LegAudio& leg);

    Traffic& traffic_;
    Ended ended_;
    std::vector<LegAudio*> legs_;
};

}  // namespace patchbay::media
