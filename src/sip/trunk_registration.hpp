// Our registration at one trunk (RFC 3261, section 10.2): kept alive, tried again with growing pauses when it
// fails, and taken back at the end. Switch thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/timers.hpp"
#include "config/config.hpp"
#include "sip/agent.hpp"
#include "sip/digest.hpp"

namespace patchbay::sip {

enum class RegistrationState : std::uint8_t { unregistered, registering, registered, failed };

std::string_view word(RegistrationState state);

class TrunkRegistration {
  public:
    /// Begins at once. Agent and timers must outlive it.
    TrunkRegistration(Agent& agent, Timers& timers, std::string domain, config::Trunk trunk);
    /// Forgets; the trunk is not told.
    ~TrunkRegistration();
    TrunkRegistration(const TrunkRegistration&) = delete;
    TrunkRegistration& operator=(const TrunkRegistration&) = delete;

    RegistrationState state() const { return state_; }
    /// Tells the trunk that we go; `done` is called once it has confirmed or does not answer. It may destroy
    /// this object.
    void stop(std::function<void()> done);
    /// True when the same trunk with that configuration would be registered in the same way.
    bool serves(const config::Trunk& trunk) const;

  private:
    void send();
    void receive(const Response& response);
    void accepted(const Response& response);
    void failed(const std::string& why);
    void enter(RegistrationState state);
    void wait(Milliseconds pause);
    bool ask_longer(const Response& response);

    Agent& agent_;
    Timers& timers_;
    std::string domain_;
    config::Trunk trunk_;
    DigestClient digest_;
    std::string call_id_, tag_;
    std::uint32_t cseq_ = 0;
    Seconds expires_;  ///< asked for
    Seconds pause_;    ///< before the next try after a failure
    RegistrationState state_ = RegistrationState::unregistered;
    bool proxy_ = false;  ///< the challenge was a 407
    std::function<void()> stopped_;
    std::unique_ptr<ClientRequest> request_;
    TimerId timer_;
};

}  // namespace patchbay::sip
