// SIP as the switch uses it: transports, registrar, trunks, and a B2BUA leg for each LegId (RFC 3261).
// Nothing of Sofia shows here. All members on the switch thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/timers.hpp"
#include "call/ports.hpp"
#include "config/config.hpp"
#include "media/format.hpp"

namespace patchbay::media {
class Engine;
}

namespace patchbay::sip {

class Bridge;
class Loop;

/// What SIP needs of media: where a leg takes its RTP, to tell what was agreed, and which digits came.
struct LegMedia {
    std::function<std::optional<config::Endpoint>(LegId)> local;
    std::function<void(LegId, const media::Remote&)> connect;
    /// The leg's party pressed a digit, told by INFO.
    std::function<void(LegId, char)> press;
    /// Of the certificate for DTLS; none: no leg is offered or takes DTLS.
    std::shared_ptr<const media::Fingerprint> fingerprint = nullptr;
};

class Stack final : public call::Signalling {
  public:
    /// Binds the configured transports and begins to take registrations. The loop drives `timers` from now
    /// on. Throws std::runtime_error naming the address that cannot be bound.
    Stack(config::ConfigPtr config, Loop& loop, Clock& clock, Timers& timers, media::Engine& engine);
    /// The same with any other media, for tests.
    Stack(config::ConfigPtr config, Loop& loop, Clock& clock, Timers& timers, LegMedia media);
    ~Stack() override;

    /// Calls are taken from now on. `facts` must outlive the stack.
    void start(call::SwitchFacts& facts);
    /// Extensions, trunks and timers as the new configuration says; the transports stay as they are, and
    /// calls in progress go on.
    void reload(config::ConfigPtr config);
    /// New calls are refused with 503 and trunks told that we go; calls in progress go on.
    void drain();
    /// False while new calls are refused, for load or drain.
    bool ready() const;

    /// Legs alive, and legs that still finish their dialogs.
    std::size_t legs() const;
    std::size_t finishing() const;
    /// The address a transport ("udp", "tcp", "tls") really listens on; none when it is not configured.
    std::optional<config::Endpoint> bound(std::string_view transport) const;
    /// The way in for SIP over WebSocket.
    Bridge& bridge() const;

    void ring(LegId leg, const call::Dial& dial) override;
    void progress(LegId leg, bool early_media, LegId like) override;
    void answer(LegId leg, LegId like) override;
    void renegotiate(LegId leg, LegId like, bool retrieve) override;
    void refer_progress(LegId leg, int sip_status) override;
    bool pick_up(LegId leg) override;
    void send_dtmf(LegId leg, char digit) override;
    void expect_fax(LegId leg, bool t38) override;
    void end(LegId leg, const call::Cause& cause) override;
    bool reachable(const std::string& domain, const std::string& number) override;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::sip
