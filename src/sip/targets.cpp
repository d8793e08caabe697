#include "sip/targets.hpp"

#include "base/text.hpp"
#include "sip/address.hpp"
#include "sip/core.hpp"
#include "sip/name_addr.hpp"

namespace patchbay::sip {

namespace {

/// A contact URI as a Request-URI: without headers (RFC 3261, section 19.1.1).
std::string request_uri(const std::string& contact) {
    return contact.substr(0, contact.find('?'));
}

/// Where a phone is really reached: the way its REGISTER came when that was a connection, or when the phone
/// gave an address that is not the one we saw (a translator stands between); otherwise as its contact says.
std::string next_hop(const Binding& binding) {
    const auto parts = parse_uri(binding.contact);
    const bool translated =
        !parts || (sdp::is_address(parts->host) && parts->host != binding.flow.peer.address);
    if (binding.flow.transport == "udp" && !translated) return {};
    return route_uri(binding.flow);
}

std::string_view transport_of(const std::string& uri) {
    if (uri.find(";transport=tls") != std::string::npos || uri.starts_with("sips:")) return "tls";
    return uri.find(";transport=tcp") != std::string::npos ? "tcp" : "udp";
}

std::string our_contact(const Core& core, const call::Dial& dial, std::string_view transport) {
    return '<' + core.agent.contact(dial.from.anonymous ? std::string{} : dial.from.number, transport) + '>';
}

std::string uri_of(std::string_view number, std::string_view host) {
    std::string uri = "<sip:";
    append_escaped_user(uri, number);
    uri += '@';
    uri += host;
    return uri + '>';
}

Target target_of(const Core& core, const call::Dial& dial, const Binding& binding) {
    Target target;
    target.uri = request_uri(binding.contact);
    target.next_hop = next_hop(binding);
    target.to = uri_of(dial.number, dial.domain);
    target.contact = our_contact(core, dial, binding.flow.transport);
    target.caller = identity_headers(dial.from, dial.domain, false);
    target.max_forwards = dial.max_forwards;
    target.answers_itself = dial.answers_itself;
    target.security = core.media_terms(binding.flow.transport, dial.domain, {}, dial.number);
    return target;
}

std::optional<Target> trunk_target(const Core& core, const call::Dial& dial) {
    auto way = core.trunks.target(dial.domain, dial.trunk, dial.number);
    if (!way) return {};
    Target target;
    target.to = uri_of(dial.number, way->host);
    target.contact = our_contact(core, dial, transport_of(way->request_uri));
    target.security = core.media_terms(transport_of(way->request_uri), dial.domain, dial.trunk, {});
    target.caller = identity_headers(dial.from, way->host, way->trusted);
    target.max_forwards = dial.max_forwards;
    target.uri = std::move(way->request_uri);
    target.credentials = std::move(way->credentials);
    return target;
}

}  // namespace

std::vector<Target> targets_of(Core& core, const call::Dial& dial) {
    std::vector<Target> targets;
    if (!dial.trunk.empty()) {
        if (auto target = trunk_target(core, dial)) targets.push_back(std::move(*target));
        return targets;
    }
    for (const auto& binding : core.location.bindings(address_of_record(dial.number, dial.domain))) {
        targets.push_back(target_of(core, dial, binding));
    }
    return targets;
}

}  // namespace patchbay::sip
