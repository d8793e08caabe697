// Our door to Sofia NTA: transports, requests outside dialogs, and client transactions, in plain values.
// Dialogs (leg.hpp) use nta() below it. All members on the switch thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "sip/location.hpp"

struct nta_agent_s;
struct nta_incoming_s;
struct msg_s;
struct sip_s;

namespace patchbay::sip {

class Bridge;
class Loop;

/// A header to send: its name (static storage) and its value, without CR or LF.
struct Header {
    std::string_view name;
    std::string value;
};

/// All values of that header in a message, in order; a list of Contacts gives one value each. Any header
/// name, in any case.
std::vector<std::string> values(const sip_s& message, std::string_view name);
/// The first of them; empty when there is none.
std::string value(const sip_s& message, std::string_view name);

/// The URI that leads a request back over a flow: `sip:address:port;transport=…`.
std::string route_uri(const Flow& flow);

/// A request outside any dialog. Its handler replies once, before it returns; otherwise 500 goes out.
class Request {
  public:
    Request(nta_incoming_s* transaction, const sip_s& message, Flow flow)
        : transaction_(transaction), message_(message), flow_(std::move(flow)) {}
    ~Request();
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    std::string_view method() const;
    /// The Request-URI, and the URIs of From and To, as text.
    std::string uri() const;
    std::string from_uri() const;
    std::string to_uri() const;
    /// Host of the Request-URI and user and host of To; empty when it has none.
    std::string_view uri_host() const;
    std::string_view to_user() const;
    std::string_view to_host() const;
    std::string_view call_id() const;
    std::uint32_t cseq() const;
    std::vector<std::string> values(std::string_view name) const { return sip::values(message_, name); }
    std::string value(std::string_view name) const { return sip::value(message_, name); }
    const Flow& flow() const { return flow_; }

    void reply(int status, std::string_view reason, std::span<const Header> headers = {});

  private:
    nta_incoming_s* transaction_;
    const sip_s& message_;
    Flow flow_;
};

using RequestHandler = std::function<void(Request&)>;

/// What answered a request of ours; 408 and 503 also stand for silence and for a transport that failed.
class Response {
  public:
    Response(int status, const sip_s* message) : status_(status), message_(message) {}
    int status() const { return status_; }
    /// All values of that header; none when the response was made up here.
    std::vector<std::string> values(std::string_view name) const;
    std::string value(std::string_view name) const;

  private:
    int status_;
    const sip_s* message_;
};

/// Called once, with the final response. It may destroy the ClientRequest.
using ResponseHandler = std::function<void(const Response&)>;

/// A request to send outside any dialog. Via, Max-Forwards and Content-Length are added.
struct Sending {
    std::string_view method;  ///< static storage
    std::string uri;          ///< Request-URI
    std::string route;        ///< URI of the next hop; empty: the Request-URI says
    std::string from, to;     ///< header values; `from` with its tag
    std::string call_id;
    std::uint32_t cseq = 1;
    std::vector<Header> headers;  ///< Contact, Expires, Authorization, …
};

/// One client transaction under way. Destroying it means its answer is no longer wanted.
class ClientRequest {
  public:
    ~ClientRequest();
    ClientRequest(const ClientRequest&) = delete;
    ClientRequest& operator=(const ClientRequest&) = delete;

  private:
    friend class Agent;
    class Hook;
    explicit ClientRequest(std::unique_ptr<Hook> hook);
    std::unique_ptr<Hook> hook_;
};

/// What Sofia counted since the start.
struct AgentCounts {
    std::size_t received_requests = 0, received_responses = 0, sent_requests = 0, sent_responses = 0;
    std::size_t bad_messages = 0, repeated_in = 0, repeated_out = 0;
    std::size_t server_transactions = 0, client_transactions = 0;  ///< open now
};

class Agent {
  public:
    /// Takes every request outside our dialogs, and every response nobody waits for. It owns `message` and
    /// must answer or discard it.
    using FirstLook = std::function<void(msg_s* message, sip_s* sip, const Flow& flow)>;

    /// Binds the configured transports. Throws std::runtime_error naming the address that cannot be bound.
    Agent(Loop& loop, const config::Sip& settings);
    ~Agent();
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

    /// Who answers requests of that method outside dialogs. `method` in capitals, static storage.
    void on_request(std::string_view method, RequestHandler handler);
    /// Who sees them first, and hands on to their handlers what dispatch() is to answer. None: all dropped.
    void on_first_look(FirstLook first_look);
    /// Creates the server transaction of a message taken by FirstLook and has its handler answer it.
    void dispatch(msg_s* message, sip_s* sip, const Flow& flow);
    /// Answers without a transaction, which costs least. Takes the message.
    void reply_stateless(msg_s* message, int status, const char* reason, const Header* header = nullptr);

    /// Sends. None when the URIs make no sense.
    std::unique_ptr<ClientRequest> send(const Sending& sending, ResponseHandler handler);

    /// The Contact URI of that user (may be empty) on the transport: `sip:user@host:port;transport=…`.
    std::string contact(std::string_view user, std::string_view transport) const;
    /// The address a transport really listens on; none when it is not configured.
    std::optional<config::Endpoint> bound(std::string_view transport) const;
    /// True when host and port (0: any) name this node.
    bool is_us(std::string_view host, int port) const;

    /// Where a message came from.
    Flow source_of(const msg_s* message) const;
    /// The way in for clients whose transport is not Sofia's.
    Bridge& bridge() const;

    AgentCounts counts() const;
    nta_agent_s* nta() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::sip
