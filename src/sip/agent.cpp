#include "sip/agent.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <stdexcept>
#include <system_error>

#include <fmt/core.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/tport.h>
#include <sofia-sip/tport_tag.h>

#include "base/text.hpp"
#include "sip/address.hpp"
#include "sip/bridge.hpp"
#include "sip/common_headers.hpp"
#include "sip/loop.hpp"
#include "sip/message.hpp"
#include "sip/receive_queue.hpp"
#include "sip/sofia.hpp"
#include "sip/tls_folder.hpp"

namespace patchbay::sip {

namespace {

constexpr unsigned socket_buffer = 8 * 1024 * 1024;  // bytes; the kernel may give less
constexpr unsigned longest_message = 64 * 1024;      // bytes

const url_string_t* url(const std::string& text) {
    return reinterpret_cast<const url_string_t*>(text.c_str());
}

void be_silent(void* /*stream*/, char const* /*format*/, va_list /*arguments*/) {}

/// `sip:host:port;transport=udp`, with the real address in maddr where another is shown.
std::string bind_uri(const config::Endpoint& at, const std::string& shown, std::string_view transport) {
    const auto port = at.port == 0 ? std::string{"*"} : std::to_string(at.port);
    const auto host = bracketed(shown.empty() ? at.address : shown);
    auto uri =
        fmt::format("{}:{}:{};transport={}", transport == "tls" ? "sips" : "sip", host, port, transport);
    if (!shown.empty() && shown != at.address) uri += ";maddr=" + bracketed(at.address);
    return uri;
}

}  // namespace

struct AgentHooks {
    explicit AgentHooks(Loop& the_loop) : loop(the_loop), bridge(the_loop) {}
    Loop& loop;
    nta_agent_t* nta = nullptr;
    std::map<std::string, RequestHandler, std::less<>> handlers;
    Agent::FirstLook first_look;
    std::string external;
    std::map<std::string, config::Endpoint, std::less<>> bound;
    Bridge bridge;

    Flow source_of(const msg_t* message) const;
    void bind(const config::Endpoint& at, std::string_view transport, const std::string& certificates);
    void note_bound();
};

struct Agent::State : AgentHooks {
    using AgentHooks::AgentHooks;
};

namespace {

int receive(AgentHooks* hooks, nta_agent_t* nta, msg_t* message, sip_t* sip) {
    if (sip == nullptr || !hooks->first_look) {
        nta_msg_discard(nta, message);
        return 0;
    }
    hooks->first_look(message, sip, hooks->source_of(message));
    return 0;
}

}  // namespace

Flow AgentHooks::source_of(const msg_t* message) const {
    Flow flow;
    const auto* from = msg_addr(const_cast<msg_t*>(message));
    if (from != nullptr) flow.peer = endpoint_of(from->su_sa);
    const auto* port = tport_delivered_by(nta_agent_tports(nta), message);
    if (port != nullptr) flow.transport = lower(view(tport_name(port)->tpn_proto));
    if (flow.transport != "tcp" || bridge.clients() == 0) return flow;
    return bridge.origin(flow.peer).value_or(flow);
}

void AgentHooks::bind(const config::Endpoint& at, std::string_view transport,
                      const std::string& certificates) {
    const auto uri = bind_uri(at, external, transport);
    errno = 0;
    const int done = nta_agent_add_tport(
        nta, url(uri), TPTAG_UDP_RMEM(socket_buffer), TPTAG_UDP_WMEM(socket_buffer), TPTAG_QUEUESIZE(1024),
        TPTAG_IDLE(UINT_MAX), TPTAG_TIMEOUT(60'000), TPTAG_TLS_VERIFY_POLICY(TPTLS_VERIFY_NONE),
        TAG_IF(!certificates.empty(), TPTAG_CERTIFICATE(certificates.c_str())), TAG_END());
    if (done < 0) {
        throw std::runtime_error(fmt::format("sip.{}: cannot listen on {} port {}: {}", transport, at.address,
                                             at.port, std::generic_category().message(errno)));
    }
}

void AgentHooks::note_bound() {
    for (auto* port = tport_primaries(nta_agent_tports(nta)); port != nullptr; port = tport_next(port)) {
        const auto* address = tport_get_address(port);
        if (address == nullptr || address->ai_addr == nullptr) continue;
        const auto transport = lower(tport_name(port)->tpn_proto);
        bound[transport] = endpoint_of(*address->ai_addr);
        const int socket = transport == "udp" ? udp_socket_at(bound[transport]) : -1;
        if (socket >= 0) loop.take_together(port, socket);
    }
}

Agent::Agent(Loop& loop, const config::Sip& settings) : state_(std::make_unique<State>(loop)) {
    su_log_redirect(nullptr, be_silent, nullptr);
    su_log_set_level(nullptr, 0);
    state_->external = settings.external;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): how Sofia writes "listen nowhere yet"
    const auto* nowhere = reinterpret_cast<const url_string_t*>(-1);
    state_->nta = nta_agent_create(
        loop.root(), nowhere, receive, state_.get(), NTATAG_UA(1), NTATAG_STATELESS(1), NTATAG_MERGE_482(1),
        NTATAG_EXTRA_100(0), NTATAG_MAXSIZE(longest_message), NTATAG_UDP_MTU(65'535), NTATAG_PRELOAD(1024),
        NTATAG_SIPFLAGS(0), NTATAG_PROGRESS(60'000), NTATAG_USE_NAPTR(0), TAG_END());
    if (state_->nta == nullptr) throw std::runtime_error("Sofia's transaction layer does not start");
    try {
        if (settings.udp) state_->bind(*settings.udp, "udp", {});
        // Clients over WebSocket come by TCP, be it only from ourselves.
        if (settings.tcp) state_->bind(*settings.tcp, "tcp", {});
        if (!settings.tcp && !settings.websocket.empty()) state_->bind({"127.0.0.1", 0}, "tcp", {});
        if (settings.tls && settings.tls_files) {
            const TlsFolder folder(*settings.tls_files);
            state_->bind(*settings.tls, "tls", folder.path());
        }
    } catch (...) {
        nta_agent_destroy(state_->nta);
        throw;
    }
    state_->note_bound();
    if (const auto tcp = bound("tcp")) state_->bridge.serve(*tcp);
}

Agent::~Agent() {
    state_->loop.take_together(nullptr, -1);
    nta_agent_destroy(state_->nta);
}

void Agent::on_request(std::string_view method, RequestHandler handler) {
    state_->handlers[std::string{method}] = std::move(handler);
}

void Agent::on_first_look(FirstLook first_look) {
    state_->first_look = std::move(first_look);
}

void Agent::dispatch(msg_s* message, sip_s* sip, const Flow& flow) {
    if (sip->sip_request == nullptr) return nta_msg_discard(state_->nta, message);
    const auto found = state_->handlers.find(view(sip->sip_request->rq_method_name));
    auto* transaction = nta_incoming_create(state_->nta, nullptr, message, sip, TAG_END());
    if (transaction == nullptr) return;
    Request request(transaction, *sip, flow);
    if (found == state_->handlers.end()) {
        request.reply(405, "Method Not Allowed", std::array{Header{"Allow", served_methods}});
    } else {
        found->second(request);
    }
}

void Agent::reply_stateless(msg_s* message, int status, const char* reason, const Header* header) {
    auto* sip = sip_object(message);
    if (sip->sip_request->rq_method == sip_method_ack) {
        nta_msg_discard(state_->nta, message);
        return;
    }
    if (sip->sip_to->a_tag == nullptr) {
        // A repeated request must get the same tag (RFC 3261, section 8.2.7).
        const auto seed = fmt::format("{}{}", view(sip->sip_call_id->i_id), view(sip->sip_via->v_branch));
        const auto tag = hex16(std::hash<std::string>{}(seed));
        sip_to_tag(msg_home(message), sip->sip_to, tag.c_str());
    }
    const auto line = header == nullptr ? std::string{} : fmt::format("{}: {}", header->name, header->value);
    nta_msg_treply(state_->nta, message, status, reason,
                   TAG_IF(header != nullptr, SIPTAG_HEADER_STR(line.c_str())), TAG_END());
}

std::string Agent::contact(std::string_view user, std::string_view transport) const {
    const auto found = state_->bound.find(transport == "ws" || transport == "wss" ? "tcp" : transport);
    const auto at = found != state_->bound.end() ? found->second
                    : state_->bound.empty()      ? config::Endpoint{}
                                                 : state_->bound.begin()->second;
    const auto host = bracketed(state_->external.empty() ? at.address : state_->external);
    std::string uri = "sip:";
    if (!user.empty()) {
        append_escaped_user(uri, user);
        uri += '@';
    }
    uri += host;
    uri += ':';
    uri += std::to_string(at.port);
    if (transport != "udp") {
        uri += ";transport=";
        uri += transport;
    }
    return uri;
}

std::optional<config::Endpoint> Agent::bound(std::string_view transport) const {
    const auto found = state_->bound.find(transport);
    if (found == state_->bound.end()) return {};
    return found->second;
}

bool Agent::is_us(std::string_view host, int port) const {
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
    return std::ranges::any_of(state_->bound, [&](const auto& entry) {
        const bool same_host = iequals(host, entry.second.address) ||
                               (!state_->external.empty() && iequals(host, state_->external));
        return same_host && (port == 0 || port == entry.second.port);
    });
}

Flow Agent::source_of(const msg_s* message) const {
    return state_->source_of(message);
}

Bridge& Agent::bridge() const {
    return state_->bridge;
}

AgentCounts Agent::counts() const {
    usize_t requests = 0, responses = 0, sent_requests = 0, sent_responses = 0, bad = 0, repeated_in = 0;
    usize_t repeated_requests = 0, repeated_responses = 0, server = 0, client = 0;
    nta_agent_get_stats(state_->nta, NTATAG_S_RECV_REQUEST_REF(requests),
                        NTATAG_S_RECV_RESPONSE_REF(responses), NTATAG_S_SENT_REQUEST_REF(sent_requests),
                        NTATAG_S_SENT_RESPONSE_REF(sent_responses), NTATAG_S_BAD_MESSAGE_REF(bad),
                        NTATAG_S_RECV_RETRY_REF(repeated_in), NTATAG_S_RETRY_REQUEST_REF(repeated_requests),
                        NTATAG_S_RETRY_RESPONSE_REF(repeated_responses), NTATAG_S_IRQ_HASH_USED_REF(server),
                        NTATAG_S_ORQ_HASH_USED_REF(client), TAG_END());
    return {requests,
            responses,
            sent_requests,
            sent_responses,
            bad,
            repeated_in,
            repeated_requests + repeated_responses,
            server,
            client};
}

nta_agent_s* Agent::nta() const {
    return state_->nta;
}

}  // namespace patchbay::sip
