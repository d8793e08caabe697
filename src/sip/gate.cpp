#include "sip/gate.hpp"

#include <sofia-sip/url.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "sip/accounts.hpp"
#include "sip/identity.hpp"
#include "sip/leg.hpp"
#include "sip/reason.hpp"

namespace patchbay::sip {

namespace {

int port_of(const char* text) {
    return static_cast<int>(to_number(view(text)).value_or(0));
}

bool is_in_dialog_only(sip_method_t method) {
    return method == sip_method_bye || method == sip_method_cancel || method == sip_method_prack ||
           method == sip_method_update || method == sip_method_info || method == sip_method_notify;
}

/// The numbers of an INVITE, kept while views of them are looked at.
struct Parties {
    explicit Parties(const sip_t& invite)
        : from(number_of(*invite.sip_from->a_url)),
          request(number_of(*invite.sip_request->rq_url)),
          to(number_of(*invite.sip_to->a_url)) {}
    Trunks::Inbound inbound(const sip_t& invite, const Flow& flow) const {
        return {flow, from, view(invite.sip_from->a_url->url_host), request, to};
    }
    std::string from, request, to;
};

call::Incoming incoming_over(const Trunks::Match& match, const sip_t& invite) {
    call::Incoming incoming;
    incoming.domain = match.domain;
    incoming.trunk = match.trunk;
    incoming.from = caller_of(invite, match.trusted);
    incoming.to = match.dialled;
    return incoming;
}

/// The reason word of a digest verdict that lets nobody in.
Problem refusal_of(const DigestServer::Outcome& outcome) {
    switch (outcome.verdict) {
        case DigestVerdict::malformed:
            return {400, "credentials", {}};
        case DigestVerdict::throttled:
            return {503, "throttled", Header{"Retry-After", std::to_string(outcome.retry_after.count())}};
        default:
            return {403, "password", {}};
    }
}

}  // namespace

Gate::Gate(Core& core, DigestServer& digest, Load& load) : core_(core), digest_(digest), load_(load) {}

void Gate::receive(msg_t* message, sip_t* sip, const Flow& flow) {
    const auto method = sip->sip_request->rq_method;
    core_.meters.request(view(sip->sip_request->rq_method_name));
    if (method == sip_method_ack) return nta_msg_discard(core_.agent.nta(), message);
    if (!load_.admission().accepts(flow.peer.address)) {
        core_.meters.refused("source_rate");
        return nta_msg_discard(core_.agent.nta(), message);
    }
    if (sip->sip_to->a_tag != nullptr || is_in_dialog_only(method)) {
        return refuse(message, {481, "no_dialog", {}});
    }
    if (method == sip_method_invite) return receive_invite(message, *sip, flow);
    const auto problem = routing_problem_of(*sip);
    // OPTIONS that may go no further asks us ourselves (RFC 3261, section 11).
    if (problem && (problem->status != 483 || method != sip_method_options)) {
        return refuse(message, *problem);
    }
    core_.agent.dispatch(message, sip, flow);
}

bool Gate::admit(msg_t* message, const Flow& flow, Admission::Verdict verdict) {
    if (core_.facts == nullptr || draining_) {
        refuse(message, {503, "draining", Header{"Retry-After", "10"}});
        return false;
    }
    if (verdict.admitted) return true;
    log::debug("sip", "call from {} refused: {}", flow.peer.address, word(verdict.reason));
    refuse(message,
           {503, word(verdict.reason), Header{"Retry-After", std::to_string(verdict.retry_after.count())}});
    return false;
}

void Gate::receive_invite(msg_t* message, const sip_t& invite, const Flow& flow) {
    if (!admit(message, flow, load_.keeps_up())) return;
    if (const auto problem = unfit(invite)) return refuse(message, *problem);
    auto caller = identify(invite, flow);
    if (!caller.known) {
        return caller.realm.empty() ? refuse(message, caller.problem)
                                    : challenge(message, caller.realm, caller.stale);
    }
    if (!admit(message, flow, load_.new_call())) return;
    if (invite.sip_max_forwards != nullptr) {
        caller.known->max_forwards = static_cast<int>(invite.sip_max_forwards->mf_count);
    }
    if (const auto unknown = find_replaced(invite, *caller.known)) return refuse(message, *unknown);
    const auto session = judge_session(session_wish(invite), core_.config->sip);
    if (session.too_small) {
        const auto least = std::to_string(core_.config->sip.min_session_expires.count());
        return refuse(message, {422, "session_interval", Header{"Min-SE", least}});
    }
    auto& leg = core_.add(std::make_unique<Leg>(core_, core_.facts->new_leg()));
    const auto security = core_.media_terms(flow.transport, caller.known->domain, caller.known->trunk,
                                            caller.known->from.number);
    if (leg.take_invite(message, invite, flow, session.terms, security)) {
        core_.facts->incoming(leg.id(), *caller.known);
    } else {
        core_.retire(leg);
        core_.bury(leg);
    }
}

std::optional<Problem> Gate::unfit(const sip_t& invite) const {
    const auto& uri = *invite.sip_request->rq_url;
    if (uri.url_type != url_sip && uri.url_type != url_sips && uri.url_type != url_tel)
        return Problem{416, "uri_scheme", {}};
    if (auto problem = routing_problem_of(invite)) return problem;
    // The topmost Via may be ours where a trunk leads back to us; one below it means a loop through proxies.
    for (const auto* via = invite.sip_via->v_next; via != nullptr; via = via->v_next) {
        const int port = via->v_port == nullptr ? 5060 : port_of(via->v_port);
        if (core_.agent.is_us(view(via->v_host), port)) return Problem{482, "loop", {}};
    }
    if (number_of(uri).empty()) return Problem{404, "no_number", {}};
    return problem_of(invite);
}

const config::Domain* Gate::domain_called(const sip_t& invite) const {
    const auto& uri = *invite.sip_request->rq_url;
    const url_t* places[] = {&uri, invite.sip_from->a_url, invite.sip_to->a_url};
    for (const auto* place : places) {
        if (const auto* domain = core_.config->domain(view(place->url_host))) return domain;
    }
    const auto host = view(uri.url_host);
    // A tel: URI names a number and nobody's host: it is for whom it was sent to.
    const bool us = uri.url_type == url_tel || core_.agent.is_us(host, port_of(uri.url_port));
    return domain_of(*core_.config, host, us, number_of(*invite.sip_from->a_url));
}

Gate::Caller Gate::identify(const sip_t& invite, const Flow& flow) {
    const Parties parties(invite);
    if (const auto match = core_.trunks.identify(parties.inbound(invite, flow))) {
        if (match->trusted && is_asserted_broken(invite)) core_.meters.ignored("P-Asserted-Identity");
        return {incoming_over(*match, invite), {}, false, {}};
    }
    const auto* domain = domain_called(invite);
    if (domain == nullptr) return {{}, {}, false, {404, "no_domain", {}}};
    return prove(invite, flow, *domain);
}

Gate::Caller Gate::prove(const sip_t& invite, const Flow& flow, const config::Domain& domain) {
    const auto credentials = values(invite, "Proxy-Authorization");
    const auto uri = text_of(invite.sip_request->rq_url);
    const auto password = [&](std::string_view user) -> std::optional<std::string> {
        const auto account = find_account(domain, user);
        if (!account) return {};
        return account->password();
    };
    const auto outcome =
        digest_.check({"INVITE", uri, domain.name, flow.peer.address}, credentials, password);
    const bool stale = outcome.verdict == DigestVerdict::stale;
    if (stale || outcome.verdict == DigestVerdict::absent) return {{}, domain.name, stale, {}};
    if (outcome.verdict != DigestVerdict::accepted) {
        if (outcome.verdict == DigestVerdict::refused) {
            log::info("sip", "INVITE from {} refused: its credentials prove nobody", flow.peer.address);
        }
        return {{}, {}, false, refusal_of(outcome)};
    }
    const auto account = find_account(domain, outcome.username);
    if (!account) return {{}, {}, false, {403, "password", {}}};
    if (account->trunk != nullptr) {
        const Parties parties(invite);
        const auto match = Trunks::proven(domain, *account->trunk, parties.inbound(invite, flow));
        return {incoming_over(match, invite), {}, false, {}};
    }
    call::Incoming incoming;
    incoming.domain = domain.name;
    incoming.from = caller_of(invite, false);
    incoming.from.number = account->extension->number;
    incoming.from.display_name = account->extension->name;
    incoming.to = number_of(*invite.sip_request->rq_url);
    return {std::move(incoming), {}, false, {}};
}

std::optional<Problem> Gate::find_replaced(const sip_t& invite, call::Incoming& incoming) const {
    if (invite.sip_replaces == nullptr) return {};
    const auto replaced = core_.replaced_leg(value(invite, "Replaces"));
    if (replaced.leg == nullptr) return Problem{481, "replaces", {}};
    if (replaced.early_only && replaced.leg->is_connected()) return Problem{486, "replaces", {}};
    incoming.replaces = replaced.leg->id();
    return {};
}

void Gate::refuse(msg_t* message, const Problem& problem) {
    core_.meters.refused(problem.reason);
    core_.meters.sent(problem.status);
    core_.agent.reply_stateless(message, problem.status, phrase_of(problem.status),
                                problem.header ? &*problem.header : nullptr);
}

void Gate::challenge(msg_t* message, const std::string& realm, bool stale) {
    std::string lines;
    for (const auto& value : digest_.challenges(realm, stale)) {
        lines += lines.empty() ? value : "\r\nProxy-Authenticate: " + value;
    }
    core_.meters.sent(407);
    const Header header{"Proxy-Authenticate", lines};
    core_.agent.reply_stateless(message, 407, "Proxy Authentication Required", &header);
}

}  // namespace patchbay::sip
