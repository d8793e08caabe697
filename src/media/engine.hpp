// The media engine: a port pair a leg, and audio from leg to leg as the hearing says. A row with one source
// and an equal codec is relayed untouched; any other is mixed. Media threads own the ports; edits reach them
// as messages.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "call/ports.hpp"
#include "config/config.hpp"
#include "media/format.hpp"
#include "media/rtcp_notice.hpp"

namespace patchbay::media {

/// What the engine notices about a leg. Called on a media thread: pass it on, do not work there.
struct Notices {
    std::function<void(LegId)> lost;  ///< no RTP for the configured time while it should send
    /// The leg's party pressed a digit: whoever hears the leg and takes digits in RTP is sent it.
    std::function<void(LegId, char)> dtmf;
    std::function<void(LegId, std::uint32_t)> announced = {};  ///< the leg heard that announcement to its end
    /// A recording could not be written on and has ended (called on the recorder's thread).
    std::function<void(LegId, Uuid, std::string_view reason)> recording_failed{};
    /// The leg's fax is over: pages that came whole, and why not all did (static storage), or nothing.
    std::function<void(LegId, int pages, std::string_view reason)> fax_ended{};
    std::function<void(const RtcpNotice&)> rtcp{};  ///< of every report; none: nobody cares
};

/// What one leg's stream did so far.
struct Statistics {
    std::uint64_t packets_received = 0, packets_sent = 0;
    std::uint64_t refused = 0;      ///< from a stranger, or not RTP, or of a payload type not agreed
    std::uint64_t lost = 0;         ///< packets of the peer that never came
    std::uint64_t lost_remote = 0;  ///< packets of ours that never came, as the peer's RTCP reports
    Milliseconds jitter{0};         ///< of what the peer sends
    Milliseconds round_trip{0};     ///< to the peer and back, rounded up; 0: no report of the peer told
    std::string_view codec;         ///< as agreed last; empty: nothing was
};

/// All members on the switch thread. Each open leg takes two descriptors.
class Engine final : public call::Media {
  public:
    /// Starts the media threads. Throws std::runtime_error when the music cannot be read.
    Engine(const config::Media& settings, Notices notices);
    ~Engine() override;

    bool open(LegId leg) override;
    void hear(const call::Hearing& rows) override;
    void close(LegId leg) override;
    call::QualityPtr quality(LegId leg) override;
    /// What the leg says goes to the left channel while anybody hears it, what it hears of other legs to the
    /// right; music and other sounds of ours to none.
    Uuid record(LegId leg, const call::RecordingOrder& order) override;
    void change_recording(LegId leg, call::RecordingState state) override;
    /// Faxes have a media thread of their own, begun with the first: their modems and files keep no other leg
    /// waiting.
    Uuid receive_fax(LegId leg, const call::FaxOrder& order) override;
    void end_fax(LegId leg) override;

    /// Where the leg's peer is to send its RTP (RTCP one port above); nothing when it has no port.
    std::optional<config::Endpoint> local(LegId leg) const;
    /// From now on the peer is there and speaks that. Before it, nothing is sent to the leg and nothing taken
    /// from it. Also for each change after: a new address re-opens the lock on the source of its packets, and
    /// the clock of `lost` starts again.
    void connect(LegId leg, const Remote& remote);
    /// The leg's party pressed a digit, told by SIP INFO. It is noticed and sent on like one that came in
    /// RTP, unless it is that one.
    void press(LegId leg, char digit);
    /// Of the certificate that our DTLS shows to all peers.
    std::shared_ptr<const Fingerprint> fingerprint() const;
    Statistics statistics(LegId leg) const;
    std::size_t open_ports() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::media
