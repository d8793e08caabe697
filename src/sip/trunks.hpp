// The SIP peers outside: which of them a call comes from, how one is reached, and our registrations there.
// Switch thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/timers.hpp"
#include "config/config.hpp"
#include "sip/agent.hpp"
#include "sip/digest.hpp"
#include "sip/trunk_registration.hpp"

namespace patchbay::sip {

class Trunks {
  public:
    /// What a call that came in says of itself.
    struct Inbound {
        const Flow& source;
        std::string_view from_user, from_host;
        std::string_view request_user;  ///< of the Request-URI
        std::string_view to_user;
    };
    /// The trunk it came over.
    struct Match {
        std::string domain, trunk;
        std::string dialled;  ///< the outside number called
        bool trusted = false;
    };
    /// How a call goes out over a trunk.
    struct Target {
        std::string request_uri;
        std::string host;      ///< for From and P-Asserted-Identity
        bool trusted = false;  ///< it may see who calls even when that is private (RFC 3325)
        std::optional<DigestClient> credentials;
    };

    Trunks(Agent& agent, Timers& timers);
    ~Trunks();
    Trunks(const Trunks&) = delete;
    Trunks& operator=(const Trunks&) = delete;

    /// Registers where that is newly asked for and leaves where it no longer is; registrations that stay are
    /// not touched.
    void set_config(config::ConfigPtr config);
    /// Takes all registrations back; `stopping()` counts those whose trunk has not confirmed yet.
    void stop();
    std::size_t stopping() const { return leaving_.size(); }

    /// The trunk whose address the call came from, unless the caller claims to be an extension of ours: then
    /// it must prove that. None: not a trunk known by address.
    std::optional<Match> identify(const Inbound& call) const;
    /// The same for a call that proved to come from a trunk's user.
    static Match proven(const config::Domain& domain, const config::Trunk& trunk, const Inbound& call);
    /// None when there is no such trunk.
    std::optional<Target> target(std::string_view domain, std::string_view trunk,
                                 std::string_view number) const;
    /// Unregistered for a trunk that is not to be registered.
    RegistrationState state(const std::string& domain, const std::string& trunk) const;

  private:
    struct Known {
        const config::Domain* domain;
        const config::Trunk* trunk;
    };
    using Key = std::pair<std::string, std::string>;  ///< domain, trunk
    bool claims_extension(const Inbound& call) const;
    void leave(std::unique_ptr<TrunkRegistration> registration);

    Agent& agent_;
    Timers& timers_;
    config::ConfigPtr config_;
    std::unordered_map<std::string, std::vector<Known>> by_address_;
    std::map<Key, std::unique_ptr<TrunkRegistration>> registrations_;
    std::vector<std::unique_ptr<TrunkRegistration>> leaving_;
};

}  // namespace patchbay::sip
