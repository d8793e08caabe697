// REGISTER (RFC 3261, section 10.3): who proves to be an extension is bound to where it is. Switch thread.
#pragma once

#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "sip/agent.hpp"
#include "sip/digest.hpp"
#include "sip/location.hpp"

namespace patchbay::sip {

/// What the Contact and Expires headers of a REGISTER ask for, by the registrar's rules.
struct ContactChanges {
    bool remove_all = false;
    std::vector<Location::Change> changes;
};

/// `contacts`: the Contact headers' values; `expires`: the Expires header, empty when absent. Error codes:
/// `contact_malformed` (400), `interval_too_brief` (423).
Result<ContactChanges> read_contacts(const std::vector<std::string>& contacts, std::string_view expires,
                                     const config::Sip& limits);

class Registrar {
  public:
    /// Takes over the agent's REGISTER requests and listens to the location's changes. All must outlive it.
    Registrar(Agent& agent, Location& location, DigestServer& digest, Clock& clock);
    ~Registrar();
    Registrar(const Registrar&) = delete;
    Registrar& operator=(const Registrar&) = delete;

    /// Who exists from now on. Bindings of extensions that are gone are dropped.
    void set_config(config::ConfigPtr config);

  private:
    void receive(Request& request);
    /// True when the request proves to come from the extension it is for; otherwise it is answered.
    bool authenticate(Request& request, const config::Domain& domain, std::string_view number);
    void apply(Request& request, const std::string& record);
    void confirm(Request& request, const std::string& record);
    void gauge();

    Agent& agent_;
    Location& location_;
    DigestServer& digest_;
    Clock& clock_;
    config::ConfigPtr config_;
};

}  // namespace patchbay::sip
