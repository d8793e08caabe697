// The settings of http: where the interfaces are served, TLS, limits.
#include "config/fields.hpp"
#include "config/values.hpp"

namespace patchbay::config {
namespace {

std::string read_external(std::string& out, const Yaml& node) {
    if (auto expected = read_text(out, node); !expected.empty()) return expected;
    const bool known = out.starts_with("http://") || out.starts_with("https://");
    if (known && !out.ends_with('/')) return "";
    return "expected http:// or https:// and a host, without a slash at the end";
}

}  // namespace

const Fields<Http>& http_fields() {
    static const Fields<Http> fields{
        {"listen",
         "address:port",
         "127.0.0.1:8086",
         "Where all interfaces over HTTP are served",
         false,
         [](Http& h, const Yaml& n) {
             std::optional<Endpoint> listen;
             auto expected = read_endpoint(listen, n);
             if (expected.empty() && !listen) expected = "expected address:port, found nothing";
             if (listen) h.listen = *listen;
             return expected;
         },
         {}},
        {"external",
         "address or null",
         "null",
         "What clients reach this server by, as https://pbx.example.net; stands before recordings' addresses",
         false,
         [](Http& h, const Yaml& n) { return n.IsNull() ? std::string() : read_external(h.external, n); },
         {}},
        {"tls",
         "certificate, key or null",
         "null",
         "Serve HTTPS with this certificate",
         false,
         {},
         [](Http& h, const Yaml& n, const std::string& path, Report& r) { read_tls(h.tls, n, path, r); }},
        {"max_header",
         "bytes",
         "16384",
         "The longest header of a request",
         false,
         [](Http& h, const Yaml& n) { return read_number(h.max_header, n, 1024, 1 << 20); },
         {}},
        {"max_body",
         "bytes",
         "1048576",
         "The longest body of a request or message of a WebSocket",
         false,
         [](Http& h, const Yaml& n) { return read_number(h.max_body, n, 1024, 1 << 28); },
         {}},
        {"max_connections",
         "connections",
         "4096",
         "Connections at the same time; more are refused",
         false,
         [](Http& h, const Yaml& n) { return read_number(h.max_connections, n, 1, 1000000); },
         {}},
        {"idle_timeout",
         "seconds",
         "75",
         "A connection that asks nothing this long is closed",
         false,
         [](Http& h, const Yaml& n) { return read_duration(h.idle_timeout, n, 1, 3600); },
         {}},
        {"threads",
         "threads",
         "1",
         "HTTP threads",
         false,
         [](Http& h, const Yaml& n) { return read_number(h.threads, n, 1, 64); },
         {}},
    };
    return fields;
}

}  // namespace patchbay::config
