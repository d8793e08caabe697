// The settings of sip: where phones and trunks are served, registrations, sessions.
#include <algorithm>

#include "config/fields.hpp"
#include "config/values.hpp"

namespace patchbay::config {
namespace {

std::string read_digest(std::vector<std::string>& out, const Yaml& node) {
    if (auto expected = read_texts(out, node); !expected.empty()) return expected;
    const auto known = [](const std::string& name) { return name == "MD5" || name == "SHA-256"; };
    if (!out.empty() && std::ranges::all_of(out, known)) return "";
    return "expected a list of MD5 and SHA-256, with at least one";
}

}  // namespace

const Fields<Sip>& sip_fields() {
    static const Fields<Sip> fields{
        {"udp",
         "address:port or null",
         "127.0.0.1:5060",
         "Where SIP over UDP is served",
         false,
         [](Sip& s, const Yaml& n) { return read_endpoint(s.udp, n); },
         {}},
        {"tcp",
         "address:port or null",
         "127.0.0.1:5060",
         "Where SIP over TCP is served",
         false,
         [](Sip& s, const Yaml& n) { return read_endpoint(s.tcp, n); },
         {}},
        {"tls",
         "address:port or null",
         "null",
         "Where SIP over TLS is served; needs tls_files",
         false,
         [](Sip& s, const Yaml& n) { return read_endpoint(s.tls, n); },
         {}},
        {"tls_files",
         "certificate, key or null",
         "null",
         "The certificate for SIP over TLS",
         false,
         {},
         [](Sip& s, const Yaml& n, const std::string& path, Report& r) {
             read_tls(s.tls_files, n, path, r);
         }},
        {"websocket",
         "path or null",
         "/sip",
         "Path of the HTTP server where browsers speak SIP over WebSocket (RFC 7118)",
         false,
         [](Sip& s, const Yaml& n) { return read_path(s.websocket, n); },
         {}},
        {"external",
         "address or null",
         "null",
         "The address written into Contact and SDP, when phones reach this server by another one than it "
         "listens on",
         false,
         [](Sip& s, const Yaml& n) { return n.IsNull() ? std::string() : read_address(s.external, n); },
         {}},
        {"min_expires",
         "seconds",
         "60",
         "The shortest registration that is granted",
         false,
         [](Sip& s, const Yaml& n) { return read_duration(s.min_expires, n, 1, day); },
         {}},
        {"max_expires",
         "seconds",
         "3600",
         "The longest registration that is granted",
         false,
         [](Sip& s, const Yaml& n) { return read_duration(s.max_expires, n, 1, 30 * day); },
         {}},
        {"session_expires",
         "seconds",
         "1800",
         "The session timer asked for (RFC 4028)",
         false,
         [](Sip& s, const Yaml& n) { return read_duration(s.session_expires, n, 90, day); },
         {}},
        {"min_session_expires",
         "seconds",
         "90",
         "The shortest session timer that is accepted",
         false,
         [](Sip& s, const Yaml& n) { return read_duration(s.min_session_expires, n, 90, day); },
         {}},
        {"digest",
         "list of MD5, SHA-256",
         "[MD5]",
         "Digest algorithms that phones are challenged with, in that order; some phones fail when they see "
         "one "
         "they do not know",
         false,
         [](Sip& s, const Yaml& n) { return read_digest(s.digest, n); },
         {}},
        {"ring_timeout",
         "seconds",
         "60",
         "An unanswered call is given up after this",
         false,
         [](Sip& s, const Yaml& n) { return read_duration(s.ring_timeout, n, 1, 600); },
         {}},
        {"calls_per_second_limit",
         "calls a second",
         "0",
         "New calls admitted a second; 0: as many as the machine carries",
         false,
         [](Sip& s, const Yaml& n) { return read_number(s.calls_per_second_limit, n, 0, 100000); },
         {}},
    };
    return fields;
}

}  // namespace patchbay::config
