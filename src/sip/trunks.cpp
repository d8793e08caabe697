#include "sip/trunks.hpp"

#include <algorithm>
#include <utility>

#include "sip/name_addr.hpp"
#include "sip/sdp.hpp"
#include "sip/trunk_address.hpp"

namespace patchbay::sip {

Trunks::Trunks(Agent& agent, Timers& timers) : agent_(agent), timers_(timers) {}
Trunks::~Trunks() = default;

void Trunks::set_config(config::ConfigPtr config) {
    config_ = std::move(config);
    by_address_.clear();
    auto before = std::exchange(registrations_, {});
    for (const config::Domain& domain : config_->domains) {
        for (const config::Trunk& trunk : domain.trunks) {
            for (const std::string& address : trunk.inbound.addresses)
                by_address_[address].push_back({&domain, &trunk});
            if (!trunk.register_ || trunk.user.empty()) continue;
            const Key key{domain.name, trunk.name};
            const auto old = before.find(key);
            registrations_[key] =
                old != before.end() && old->second->serves(trunk)
                    ? std::move(old->second)
                    : std::make_unique<TrunkRegistration>(agent_, timers_, domain.name, trunk);
        }
    }
    for (auto& [key, registration] : before)
        if (registration) leave(std::move(registration));
}

void Trunks::stop() {
    for (auto& [key, registration] : std::exchange(registrations_, {})) leave(std::move(registration));
}

void Trunks::leave(std::unique_ptr<TrunkRegistration> registration) {
    auto* const one = registration.get();
    leaving_.push_back(std::move(registration));
    one->stop([this, one] {
        std::erase_if(leaving_, [one](const auto& leaving) { return leaving.get() == one; });
    });
}

std::optional<Trunks::Match> Trunks::identify(const Inbound& call) const {
    const auto found = by_address_.find(call.source.peer.address);
    if (found == by_address_.end()) return std::nullopt;
    const Known* best = nullptr;
    for (const Known& known : found->second) {
        const bool its_own_port =
            known.trunk->host == call.source.peer.address && known.trunk->port == call.source.peer.port;
        if (!its_own_port && claims_extension(call)) continue;
        // One provider may serve several domains: the number called tells them apart.
        const auto match = proven(*known.domain, *known.trunk, call);
        if (best == nullptr || known.trunk->inbound.numbers.contains(match.dialled)) best = &known;
    }
    if (best == nullptr) return std::nullopt;
    return proven(*best->domain, *best->trunk, call);
}

/// A trunk we register at calls the Contact we gave it; then the number called is in To.
Trunks::Match Trunks::proven(const config::Domain& domain, const config::Trunk& trunk, const Inbound& call) {
    const std::string called = unescaped(call.request_user);
    const bool calls_contact = called.empty() || (!trunk.user.empty() && called == trunk.user);
    return {domain.name, trunk.name, calls_contact ? unescaped(call.to_user) : called, trunk.trusted};
}

bool Trunks::claims_extension(const Inbound& call) const {
    const std::string user = unescaped(call.from_user);
    const bool bare = sdp::is_address(call.from_host);
    return std::ranges::any_of(config_->domains, [&](const config::Domain& domain) {
        return (bare || config_->domain(call.from_host) == &domain) && domain.extension(user) != nullptr;
    });
}

std::optional<Trunks::Target> Trunks::target(std::string_view domain, std::string_view name,
                                             std::string_view number) const {
    const auto* settings = config_ ? config_->domain(domain) : nullptr;
    const auto* trunk = settings != nullptr ? settings->trunk(name) : nullptr;
    if (trunk == nullptr) return std::nullopt;
    Target target{trunk_uri(*trunk, number), trunk->host, trunk->trusted, std::nullopt};
    if (!trunk->user.empty()) target.credentials.emplace(trunk->user, trunk->password);
    return target;
}

RegistrationState Trunks::state(const std::string& domain, const std::string& trunk) const {
    const auto found = registrations_.find({domain, trunk});
    return found == registrations_.end() ? RegistrationState::unregistered : found->second->state();
}

}  // namespace patchbay::sip
