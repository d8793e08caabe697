// The settings of the server itself: node, storage, calls.
#include "config/fields.hpp"
#include "config/values.hpp"

namespace patchbay::config {
namespace {

// The rest of a PostgreSQL URL is libpq's to check; it is not repeated, for it may hold a password.
std::string read_store_url(std::string& out, const Yaml& node) {
    if (auto expected = read_secret(out, node); !expected.empty()) return expected;
    const bool is_sqlite = out.starts_with("sqlite:") && out.size() > 7;
    const bool is_postgres = out.starts_with("postgresql://") || out.starts_with("postgres://");
    if (is_sqlite || is_postgres) return "";
    return "expected sqlite:PATH or postgresql://…, found '" + out.substr(0, out.find(':')) + "'";
}

}  // namespace

const Fields<Node>& node_fields() {
    static const Fields<Node> fields{
        {"name",
         "name",
         "node1",
         "The name of this server",
         false,
         [](Node& s, const Yaml& n) { return read_name(s.name, n); },
         {}},
        {"data",
         "folder",
         "./data",
         "Where the journal and the embedded database live; made when missing",
         false,
         [](Node& s, const Yaml& n) { return read_text(s.data, n); },
         {}},
        {"log_level",
         "debug, info, warning or error",
         "info",
         "What is logged: this and worse",
         false,
         [](Node& s, const Yaml& n) {
             return read_choice(s.log_level, n, {"debug", "info", "warning", "error"});
         },
         {}},
        {"drain_timeout",
         "seconds",
         "60",
         "How long calls may go on after SIGTERM",
         false,
         [](Node& s, const Yaml& n) { return read_duration(s.drain_timeout, n, 0, day); },
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
