// The settings of the server itself: node, sip, media, http, storage, calls.
#include <algorithm>

#include "config/fields.hpp"
#include "config/values.hpp"

namespace patchbay::config {
namespace {

// The YAML library's Node and ours share a name.
using Yaml = YAML::Node;
using Server = patchbay::config::Node;

std::string endpoint(std::optional<Endpoint>& out, const Yaml& node) {
    return read_endpoint(out, node);
}

constexpr std::int64_t day = 24 * 3600;

std::string read_codecs(std::vector<std::string>& out, const Yaml& node) {
    if (auto expected = read_texts(out, node); !expected.empty()) return expected;
    const auto known = [](const std::string& codec) {
        return codec == "PCMA" || codec == "PCMU" || codec == "G722" || codec == "opus" || codec == "L16";
    };
    return !out.empty() && std::ranges::all_of(out, known)
               ? std::string()
               : std::string("expected a list of PCMA, PCMU, G722, opus and L16, with at least one");
}

std::string read_sounds(std::map<std::string, std::string>& out, const Yaml& node) {
    out.clear();
    if (node.IsNull()) return "";
    if (!node.IsMap()) return "expected a mapping of name to sound file";
    for (const auto& entry : node) {
        if (!entry.first.IsScalar() || !entry.second.IsScalar())
            return "expected a mapping of name to sound file";
        out[entry.first.Scalar()] = entry.second.Scalar();
    }
    return "";
}

std::string read_digest(std::vector<std::string>& out, const Yaml& node) {
    if (auto expected = read_texts(out, node); !expected.empty()) return expected;
    const auto known = [](const std::string& name) { return name == "MD5" || name == "SHA-256"; };
    if (!out.empty() && std::ranges::all_of(out, known)) return "";
    return "expected a list of MD5 and SHA-256, with at least one";
}

std::string read_external(std::string& out, const Yaml& node) {
    if (auto expected = read_text(out, node); !expected.empty()) return expected;
    const bool known = out.starts_with("http://") || out.starts_with("https://");
    if (known && !out.ends_with('/')) return "";
    return "expected http:// or https:// and a host, without a slash at the end";
}

// The rest of a PostgreSQL URL is libpq's to check; it is not repeated, for it may hold a password.
std::string read_store_url(std::string& out, const Yaml& node) {
    if (auto expected = read_secret(out, node); !expected.empty()) return expected;
    const bool is_sqlite = out.starts_with("sqlite:") && out.size() > 7;
    const bool is_postgres = out.starts_with("postgresql://") || out.starts_with("postgres://");
    if (is_sqlite || is_postgres) return "";
    return "expected sqlite:PATH or postgresql://…, found '" + out.substr(0, out.find(':')) + "'";
}

template <typename T>
void read_tls(std::optional<TlsFiles>& out, const Yaml& node, const T& path, Report& report) {
    out.reset();
    if (node.IsNull()) return;
    read_record(out.emplace(), node, tls_fields(), path, report);
}

}  // namespace

const Fields<TlsFiles>& tls_fields() {
    static const Fields<TlsFiles> fields{
        {"certificate",
         "file",
         "",
         "PEM file with the certificate chain, the server's own first",
         true,
         [](TlsFiles& t, const Yaml& n) { return read_text(t.certificate, n); },
         {}},
        {"key",
         "file",
         "",
         "PEM file with the private key",
         true,
         [](TlsFiles& t, const Yaml& n) { return read_text(t.key, n); },
         {}},
    };
    return fields;
}

const Fields<Server>& node_fields() {
    static const Fields<Server> fields{
        {"name",
         "name",
         "node1",
         "The name of this server",
         false,
         [](Server& s, const Yaml& n) { return read_name(s.name, n); },
         {}},
        {"data",
         "folder",
         "./data",
         "Where the journal and the embedded database live; made when missing",
         false,
         [](Server& s, const Yaml& n) { return read_text(s.data, n); },
         {}},
        {"log_level",
         "debug, info, warning or error",
         "info",
         "What is logged: this and worse",
         false,
         [](Server& s, const Yaml& n) {
             return read_choice(s.log_level, n, {"debug", "info", "warning", "error"});
         },
         {}},
        {"drain_timeout",
         "seconds",
         "60",
         "How long calls may go on after SIGTERM",
         false,
         [](Server& s, const Yaml& n) { return read_duration(s.drain_timeout, n, 0, day); },
         {}},
    };
    return fields;
}

const Fields<Sip>& sip_fields() {
    static const Fields<Sip> fields{
        {"udp",
         "address:port or null",
         "127.0.0.1:5060",
         "Where SIP over UDP is served",
         false,
         [](Sip& s, const Yaml& n) { return endpoint(s.udp, n); },
         {}},
        {"tcp",
         "address:port or null",
         "127.0.0.1:5060",
         "Where SIP over TCP is served",
         false,
         [](Sip& s, const Yaml& n) { return endpoint(s.tcp, n); },
         {}},
        {"tls",
         "address:port or null",
         "null",
         "Where SIP over TLS is served; needs tls_files",
         false,
         [](Sip& s, const Yaml& n) { return endpoint(s.tls, n); },
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

const Fields<Recording>& recording_fields() {
    static const Fields<Recording> fields{
        {"format",
         "wav, flac or opus",
         "wav",
         "What a recording becomes once it has ended",
         false,
         [](Recording& r, const Yaml& n) {
             return read_choice(r.format, n, {"wav", "flac", "opus"});
         },
         {}},
        {"retention",
         "seconds",
         "0",
         "Recordings older than this are removed; 0: never",
         false,
         [](Recording& r, const Yaml& n) { return read_duration(r.retention, n, 0, 100 * 365 * day); },
         {}},
    };
    return fields;
}

const Fields<Media>& media_fields() {
    static const Fields<Media> fields{
        {"address",
         "address",
         "127.0.0.1",
         "Where audio is sent from and received",
         false,
         [](Media& m, const Yaml& n) { return read_address(m.address, n); },
         {}},
        {"ports",
         "first-last",
         "20000-29999",
         "The ports for audio; each leg takes two",
         false,
         [](Media& m, const Yaml& n) { return read_ports(m.first_port, m.last_port, n); },
         {}},
        {"threads",
         "threads",
         "1",
         "Media threads: one for each processor left beside call control",
         false,
         [](Media& m, const Yaml& n) { return read_number(m.threads, n, 1, 64); },
         {}},
        {"recordings",
         "folder",
         "./data/recordings",
         "Where recordings are kept",
         false,
         [](Media& m, const Yaml& n) { return read_text(m.recordings, n); },
         {}},
        {"recording",
         "mapping",
         "{}",
         "How recordings are kept",
         false,
         {},
         [](Media& m, const Yaml& n, const std::string& path, Report& r) {
             read_record(m.recording, n, recording_fields(), path, r);
         }},
        {"music",
         "file or null",
         "null",
         "Music on hold: any file libsndfile reads; null: the built-in piece",
         false,
         [](Media& m, const Yaml& n) { return n.IsNull() ? std::string() : read_text(m.music, n); },
         {}},
        {"timeout",
         "seconds",
         "60",
         "A leg that sends no audio this long is ended; 0: never",
         false,
         [](Media& m, const Yaml& n) { return read_duration(m.timeout, n, 0, day); },
         {}},
        {"srtp",
         "off, optional or required",
         "optional",
         "Encrypted audio: never; where the other side offers or takes it; always",
         false,
         [](Media& m, const Yaml& n) { return read_srtp(m.srtp, n); },
         {}},
        {"sdes_without_tls",
         "true or false",
         "false",
         "SRTP keys may be sent in SIP over UDP and TCP too, where others can read them",
         false,
         [](Media& m, const Yaml& n) { return read_flag(m.sdes_without_tls, n); },
         {}},
        {"codecs",
         "list of PCMA, PCMU, G722, opus, L16",
         "[PCMA, PCMU, G722, opus]",
         "Codecs, in the order they are offered; those the other party of a call uses come first",
         false,
         [](Media& m, const Yaml& n) { return read_codecs(m.codecs, n); },
         {}},
        {"ptime",
         "milliseconds",
         "20",
         "Audio in one packet, where the other side asks for nothing else",
         false,
         [](Media& m, const Yaml& n) { return read_number(m.ptime, n, 20, 60); },
         {}},
        {"sounds",
         "name: file",
         "{}",
         "Sounds that other settings name, each any file libsndfile reads",
         false,
         [](Media& m, const Yaml& n) { return read_sounds(m.sounds, n); },
         {}},
        {"ringback",
         "country",
         "ru",
         "Whose ringing tone callers hear: au, cn, de, es, eu, fr, gb, in, it, jp, ru, us",
         false,
         [](Media& m, const Yaml& n) { return read_choice(m.ringback, n, ringback_countries()); },
         {}},
    };
    return fields;
}

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

const Fields<Storage>& storage_fields() {
    static const Fields<Storage> fields{
        {"url",
         "sqlite:PATH or postgresql://…",
         "sqlite:./data/patchbay.db",
         "Where history is kept",
         false,
         [](Storage& s, const Yaml& n) { return read_store_url(s.url, n); },
         {}},
        {"sync",
         "milliseconds",
         "10",
         "The most that a power cut can cost of the journal; 0: nothing is told to anybody before it is safe "
         "on the disk",
         false,
         [](Storage& s, const Yaml& n) { return read_duration(s.sync, n, 0, 60000); },
         {}},
        {"journal_retention",
         "seconds",
         "604800",
         "How long events are kept for subscribers who were away",
         false,
         [](Storage& s, const Yaml& n) { return read_duration(s.journal_retention, n, 60, 3650 * day); },
         {}},
        {"history_retention",
         "days",
         "0",
         "How long CDRs are kept; whole months are removed, when all of the month is older; 0: for ever",
         false,
         [](Storage& s, const Yaml& n) { return read_duration(s.history_retention, n, 0, 36500); },
         {}},
    };
    return fields;
}

const Fields<CallLimits>& call_fields() {
    static const Fields<CallLimits> fields{
        {"transfer_timeout",
         "seconds",
         "30",
         "The target of a transfer must answer within this",
         false,
         [](CallLimits& c, const Yaml& n) { return read_duration(c.transfer_timeout, n, 1, 600); },
         {}},
        {"park_timeout",
         "seconds",
         "120",
         "A parked caller is brought back to the parker after this",
         false,
         [](CallLimits& c, const Yaml& n) { return read_duration(c.park_timeout, n, 1, day); },
         {}},
        {"first_park_slot",
         "number",
         "701",
         "The first parking slot",
         false,
         [](CallLimits& c, const Yaml& n) { return read_number(c.first_park_slot, n, 1, 999999); },
         {}},
        {"last_park_slot",
         "number",
         "799",
         "The last parking slot",
         false,
         [](CallLimits& c, const Yaml& n) { return read_number(c.last_park_slot, n, 1, 999999); },
         {}},
        {"max_hops",
         "hops",
         "70",
         "Max-Forwards of a call that this server begins (RFC 3261, section 20.22)",
         false,
         [](CallLimits& c, const Yaml& n) { return read_number(c.max_hops, n, 1, 255); },
         {}},
    };
    return fields;
}

}  // namespace patchbay::config
