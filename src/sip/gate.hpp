// The gate for calls that come in: who may pass, as whom, into which domain. Every INVITE outside a dialog is
// judged here before it costs a transaction. For .cpp files of this room alone.
#pragma once

#include <optional>
#include <string>

#include "call/ports.hpp"
#include "sip/core.hpp"
#include "sip/digest.hpp"
#include "sip/load.hpp"
#include "sip/request_checks.hpp"
#include "sip/sofia.hpp"

namespace patchbay::sip {

class Gate {
  public:
    Gate(Core& core, DigestServer& digest, Load& load);

    /// Takes a request outside any dialog: refuses it, makes a leg of it, or hands it to its handler.
    void receive(msg_t* message, sip_t* sip, const Flow& flow);
    void drain() { draining_ = true; }
    bool is_draining() const { return draining_; }

  private:
    /// The caller of an INVITE, or why it is not let in: a challenge in that realm, or a problem.
    struct Caller {
        std::optional<call::Incoming> known;
        std::string realm;
        bool stale = false;
        Problem problem;
    };
    Caller identify(const sip_t& invite, const Flow& flow);
    Caller prove(const sip_t& invite, const Flow& flow, const config::Domain& domain);
    const config::Domain* domain_called(const sip_t& invite) const;
    std::optional<Problem> unfit(const sip_t& invite) const;
    std::optional<Problem> find_replaced(const sip_t& invite, call::Incoming& incoming) const;
    bool admit(msg_t* message, const Flow& flow, Admission::Verdict verdict);
    void receive_invite(msg_t* message, const sip_t& invite, const Flow& flow);
    void refuse(msg_t* message, const Problem& problem);
    void challenge(msg_t* message, const std::string& realm, bool stale);

    Core& core_;
    DigestServer& digest_;
    Load& load_;
    bool draining_ = false;
};

}  // namespace patchbay::sip
