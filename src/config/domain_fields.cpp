// The settings of a domain: extensions, operators, queues, trunks, applications.
#include <algorithm>

#include "config/fields.hpp"
#include "config/values.hpp"

namespace patchbay::config {
namespace {

using Yaml = YAML::Node;

std::string read_numbers(std::map<std::string, std::string>& out, const Yaml& node) {
    if (node.IsNull()) return "";
    if (!node.IsMap()) return "expected a mapping of outside number to number of the domain";
    for (const auto& entry : node) {
        if (!entry.first.IsScalar() || !entry.second.IsScalar())
            return "expected a mapping of number to number";
        out[entry.first.Scalar()] = entry.second.Scalar();
    }
    return "";
}

std::string read_addresses(std::vector<std::string>& out, const Yaml& node) {
    if (auto expected = read_texts(out, node); !expected.empty()) return expected;
    for (const auto& address : out) {
        std::string ignored;
        if (auto expected = read_address(ignored, Yaml(address)); !expected.empty()) return expected;
    }
    return "";
}

}  // namespace

const Fields<Extension>& extension_fields() {
    static const Fields<Extension> fields{
        {"id",
         "number",
         "",
         "The extension's id in the Ringme interface",
         true,
         [](Extension& e, const Yaml& n) { return read_number(e.id, n, 1, 2147483647); },
         {}},
        {"number",
         "number",
         "",
         "The number others dial, and the phone's SIP user",
         true,
         [](Extension& e, const Yaml& n) { return read_name(e.number, n); },
         {}},
        {"name",
         "text",
         "\"\"",
         "The name shown to others",
         false,
         [](Extension& e, const Yaml& n) { return read_text(e.name, n); },
         {}},
        {"password",
         "secret",
         "",
         "The phone's SIP password",
         true,
         [](Extension& e, const Yaml& n) { return read_secret(e.password, n); },
         {}},
        {"srtp",
         "off, optional, required or null",
         "null",
         "Encrypted audio with this phone; null: as media.srtp says",
         false,
         [](Extension& e, const Yaml& n) { return read_srtp(e.srtp, n); },
         {}},
        {"record",
         "true or false",
         "false",
         "Record every talk of this extension",
         false,
         [](Extension& e, const Yaml& n) { return read_flag(e.record, n); },
         {}},
    };
    return fields;
}

const Fields<Operator>& operator_fields() {
    static const Fields<Operator> fields{
        {"id",
         "name",
         "",
         "The operator's id: agent_id in ECSS, and the login",
         true,
         [](Operator& o, const Yaml& n) { return read_name(o.id, n); },
         {}},
        {"name",
         "text",
         "\"\"",
         "The operator's name",
         false,
         [](Operator& o, const Yaml& n) { return read_text(o.name, n); },
         {}},
        {"password",
         "secret",
         "",
         "The password for logging in",
         true,
         [](Operator& o, const Yaml& n) { return read_secret(o.password, n); },
         {}},
        {"number",
         "number",
         "\"\"",
         "The extension at which the operator works until a login says another",
         false,
         [](Operator& o, const Yaml& n) { return read_text(o.number, n); },
         {}},
        {"group",
         "name",
         "\"\"",
         "The group; its supervisors may act for the operator",
         false,
         [](Operator& o, const Yaml& n) { return read_text(o.group, n); },
         {}},
        {"supervisor",
         "true or false",
         "false",
         "May act on the calls of all operators of the group",
         false,
         [](Operator& o, const Yaml& n) { return read_flag(o.supervisor, n); },
         {}},
        {"record",
         "true or false",
         "false",
         "Record every talk of this operator",
         false,
         [](Operator& o, const Yaml& n) { return read_flag(o.record, n); },
         {}},
    };
    return fields;
}

const Fields<TrunkInbound>& trunk_inbound_fields() {
    static const Fields<TrunkInbound> fields{
        {"addresses",
         "list of addresses",
         "[]",
         "Who may send calls without a password",
         false,
         [](TrunkInbound& t, const Yaml& n) { return read_addresses(t.addresses, n); },
         {}},
        {"numbers",
         "outside number: number",
         "{}",
         "Which number of the domain an outside number rings",
         false,
         [](TrunkInbound& t, const Yaml& n) { return read_numbers(t.numbers, n); },
         {}},
    };
    return fields;
}

const Fields<TrunkOutbound>& trunk_outbound_fields() {
    static const Fields<TrunkOutbound> fields{
        {"prefix",
         "digits",
         "",
         "Dialled numbers that begin so go out here; the longest match wins",
         true,
         [](TrunkOutbound& t, const Yaml& n) { return read_text(t.prefix, n); },
         {}},
        {"strip",
         "digits",
         "0",
         "How many digits are taken off the front",
         false,
         [](TrunkOutbound& t, const Yaml& n) { return read_number(t.strip, n, 0, 32); },
         {}},
        {"caller_id",
         "number",
         "\"\"",
         "The number shown outside; empty: the caller's own",
         false,
         [](TrunkOutbound& t, const Yaml& n) { return read_text(t.caller_id, n); },
         {}},
    };
    return fields;
}

const Fields<Trunk>& trunk_fields() {
    static const Fields<Trunk> fields{
        {"name",
         "name",
         "",
         "The trunk's name",
         true,
         [](Trunk& t, const Yaml& n) { return read_name(t.name, n); },
         {}},
        {"host",
         "host or address",
         "",
         "The peer outside",
         true,
         [](Trunk& t, const Yaml& n) { return read_text(t.host, n); },
         {}},
        {"port",
         "port",
         "5060",
         "Its port",
         false,
         [](Trunk& t, const Yaml& n) { return read_number(t.port, n, 1, 65535); },
         {}},
        {"transport",
         "udp, tcp or tls",
         "udp",
         "How it is reached",
         false,
         [](Trunk& t, const Yaml& n) {
             return read_choice(t.transport, n, {"udp", "tcp", "tls"});
         },
         {}},
        {"register",
         "true or false",
         "false",
         "Register there with user and password",
         false,
         [](Trunk& t, const Yaml& n) { return read_flag(t.register_, n); },
         {}},
        {"user",
         "text",
         "\"\"",
         "Our user at the peer, and the peer's user with us",
         false,
         [](Trunk& t, const Yaml& n) { return read_text(t.user, n); },
         {}},
        {"password",
         "secret",
         "\"\"",
         "The password for both directions",
         false,
         [](Trunk& t, const Yaml& n) { return read_secret(t.password, n); },
         {}},
        {"trusted",
         "true or false",
         "true",
         "Believe and send P-Asserted-Identity (RFC 3325)",
         false,
         [](Trunk& t, const Yaml& n) { return read_flag(t.trusted, n); },
         {}},
        {"srtp",
         "off, optional, required or null",
         "null",
         "Encrypted audio with this trunk; null: as media.srtp says",
         false,
         [](Trunk& t, const Yaml& n) { return read_srtp(t.srtp, n); },
         {}},
        {"inbound",
         "settings",
         "{}",
         "Calls from the trunk",
         false,
         {},
         [](Trunk& t, const Yaml& n, const std::string& path, Report& r) {
             read_record(t.inbound, n, trunk_inbound_fields(), path, r);
         }},
        {"outbound",
         "list",
         "[]",
         "Calls to the trunk",
         false,
         {},
         [](Trunk& t, const Yaml& n, const std::string& path, Report& r) {
             read_list(t.outbound, n, trunk_outbound_fields(), path, r);
         }},
    };
    return fields;
}

const Fields<Application>& application_fields() {
    static const Fields<Application> fields{
        {"id",
         "name",
         "",
         "client_id of the application",
         true,
         [](Application& a, const Yaml& n) { return read_name(a.id, n); },
         {}},
        {"secret",
         "secret",
         "",
         "client_secret of the application",
         true,
         [](Application& a, const Yaml& n) { return read_secret(a.secret, n); },
         {}},
        {"scope",
         "all or call_api",
         "all",
         "What its tokens may do",
         false,
         [](Application& a, const Yaml& n) {
             return read_choice(a.scope, n, {"all", "call_api"});
         },
         {}},
        {"rate_limit",
         "requests an hour",
         "10000",
         "How much it may ask; 0: no limit",
         false,
         [](Application& a, const Yaml& n) { return read_number(a.rate_limit, n, 0, 1000000000); },
         {}},
        {"may_supervise",
         "true or false",
         "true",
         "May use eavesdrop, whisper and conference",
         false,
         [](Application& a, const Yaml& n) { return read_flag(a.may_supervise, n); },
         {}},
    };
    return fields;
}

const Fields<Domain>& domain_fields() {
    static const Fields<Domain> fields{
        {"prefix",
         "digits",
         "\"\"",
         "Ringme prints an extension as prefix*number",
         false,
         [](Domain& d, const Yaml& n) { return read_text(d.prefix, n); },
         {}},
        {"client_id",
         "number",
         "its place in the file",
         "The domain's client id in the Ringme interface",
         false,
         [](Domain& d, const Yaml& n) { return read_number(d.client_id, n, 1, 2147483647); },
         {}},
        {"music",
         "name",
         "media.music",
         "The sound that plays on hold, a name of media.sounds",
         false,
         [](Domain& d, const Yaml& n) { return read_text(d.music, n); },
         {}},
        {"ringback",
         "country",
         "media.ringback",
         "Whose ringing tone callers hear",
         false,
         [](Domain& d, const Yaml& n) { return read_choice(d.ringback, n, ringback_countries()); },
         {}},
        {"auto_logout",
         "seconds",
         "0",
         "An operator who has no call and changes no state so long is logged out; 0: never",
         false,
         [](Domain& d, const Yaml& n) { return read_duration(d.auto_logout, n, 0, 86400); },
         {}},
        {"only_one_session",
         "true or false",
         "false",
         "An operator who is logged in cannot log in at another number before logging out",
         false,
         [](Domain& d, const Yaml& n) { return read_flag(d.only_one_session, n); },
         {}},
        {"extensions",
         "list",
         "[]",
         "Numbers with SIP credentials",
         false,
         {},
         [](Domain& d, const Yaml& n, const std::string& path, Report& r) {
             read_list(d.extensions, n, extension_fields(), path, r);
         }},
        {"operators",
         "list",
         "[]",
         "People of the call centre",
         false,
         {},
         [](Domain& d, const Yaml& n, const std::string& path, Report& r) {
             read_list(d.operators, n, operator_fields(), path, r);
         }},
        {"queues",
         "list",
         "[]",
         "Queues of waiting callers",
         false,
         {},
         [](Domain& d, const Yaml& n, const std::string& path, Report& r) {
             read_list(d.queues, n, queue_fields(), path, r);
         }},
        {"trunks",
         "list",
         "[]",
         "SIP peers outside",
         false,
         {},
         [](Domain& d, const Yaml& n, const std::string& path, Report& r) {
             read_list(d.trunks, n, trunk_fields(), path, r);
         }},
        {"applications",
         "list",
         "[]",
         "OAuth2 clients of the Ringme interface",
         false,
         {},
         [](Domain& d, const Yaml& n, const std::string& path, Report& r) {
             read_list(d.applications, n, application_fields(), path, r);
         }},
    };
    return fields;
}

}  // namespace patchbay::config
