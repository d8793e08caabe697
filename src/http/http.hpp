// The HTTP server as the dialects see it: requests in, responses out, and WebSockets. Nothing of Asio or
// Beast shows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/descriptor.hpp"

namespace patchbay::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// A whole request. Names of headers and of path parameters compare without case.
struct Request {
    std::string method;  ///< GET, POST …
    std::string path;    ///< percent-decoded, without the query
    std::string query;   ///< after '?', as sent
    Headers headers;
    Headers parameters;  ///< the {names} of the route's pattern, percent-decoded
    std::string body;
    std::string remote;  ///< the client's address, without port
    bool tls = false;

    /// The first of that name; empty when there is none.
    std::string_view header(std::string_view name) const;
    std::string_view parameter(std::string_view name) const;
    /// The decoded value of a query parameter; empty when there is none.
    std::string query_value(std::string_view name) const;
};

/// Part of a file that is sent as a body, piece by piece. The descriptor is read at any place (pread).
struct FilePart {
    Descriptor file;
    std::uint64_t offset = 0, length = 0;
};

struct Response {
    int status = 200;
    std::string content_type;
    std::string body;
    Headers headers;
    /// When set, called on the HTTP thread before the response is written: for the work that has no place on
    /// the thread that answers, as encoding what the switch said.
    std::function<void(Response&)> fill{};
    /// When set, the body instead of `body`.
    std::shared_ptr<const FilePart> file{};
};

/// Answers one request. Any thread, exactly once; a Responder that is dropped without an answer answers 500.
using Responder = std::function<void(Response)>;
/// Called on an HTTP thread; must not block.
using Handler = std::function<void(const Request&, Responder)>;

/// One WebSocket connection (RFC 6455), held by the dialect that serves it. All members: any thread.
class Socket {
  public:
    virtual ~Socket() = default;
    /// Sends one text message. A peer that does not read is cut off with 1013 when too much waits; false from
    /// then on.
    virtual bool send(std::string text) = 0;
    virtual void close(std::uint16_t code, std::string_view reason) = 0;
};
using SocketPtr = std::shared_ptr<Socket>;

/// What a dialect does with a connection. All members: the connection's HTTP thread, one at a time.
class SocketListener {
  public:
    virtual ~SocketListener() = default;
    virtual void on_text(std::string_view message) = 0;
    /// The client sent a binary message: a dialect of text closes with 1003.
    virtual void on_binary(std::string_view message) = 0;
    virtual void on_close() = 0;
};
/// Accepts an upgrade: returns the listener, which the server keeps until after on_close(). Null: refused
/// with 403.
using SocketHandler = std::function<std::unique_ptr<SocketListener>(const Request&, SocketPtr)>;

/// What the router's own refusals (404, 405) look like in a dialect. Any HTTP thread.
using Refusal = std::function<Response(int status, std::string_view text)>;

/// What answers where. Patterns are paths with {names}, as "/{domain}/service/cc/arm/{command}"; a trailing
/// slash may be there or not. Where several fit, the one that is literal furthest wins. Filled before the
/// server starts, unchanged afterwards; match() is then for any thread.
class Router {
  public:
    /// A GET handler answers HEAD too. Throws std::logic_error when method and pattern are taken.
    void add(std::string method, std::string pattern, Handler handler);
    /// With a `protocol` only clients that offer it in Sec-WebSocket-Protocol are let in, and are told that
    /// it was chosen (RFC 6455, section 4.2.2); others get 400. Without one, what they offer is passed over.
    void add_socket(std::string pattern, SocketHandler handler, std::string protocol = {});

    /// Says how paths below `prefix` ("/api") that are unknown, or do not take the method, are refused;
    /// elsewhere it is said in plain text. The first prefix that fits counts.
    void refuse_below(const std::string& prefix, Refusal refusal);

    struct Match {
        const Handler* handler = nullptr;
        const SocketHandler* socket = nullptr;
        std::string_view protocol;  ///< the socket's; empty: none. Lives as long as the router
        Headers parameters;
        std::string allow;  ///< methods the path does take, when this one is not among them (405)
        const std::string* pattern = nullptr;  ///< the route's, for metrics; null when the path is unknown
        const Refusal* refusal = nullptr;      ///< in the dialect's form; null: plain text will do
    };
    /// `path` is still percent-encoded, without the query; each segment is decoded by itself, so that an
    /// encoded slash belongs to a parameter.
    Match match(std::string_view method, std::string_view path) const;

  private:
    struct Route {
        std::string method, pattern;
        std::vector<std::string> segments;
        Handler handler;
        SocketHandler socket;
        std::string protocol{};
    };
    struct Below {
        std::vector<std::string> segments;
        Refusal refusal;
    };
    void insert(Route route);
    std::vector<Route> routes_;
    std::vector<Below> below_;
};

}  // namespace patchbay::http
