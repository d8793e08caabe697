// The settings of a trunk: the peer outside, its calls to us and ours to it.
#include "config/fields.hpp"
#include "config/values.hpp"

namespace patchbay::config {
namespace {

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
        {"dtmf",
         "auto, rfc4733, info or inband",
         "auto",
         "How digits go over this trunk, both ways; auto: as the other side can",
         false,
         [](Trunk& t, const Yaml& n) { return read_dtmf(t.dtmf, n); },
         {}},
        {"gain",
         "decibels",
         "0",
         "How much louder others hear what comes over this trunk, -20 to 20; it is mixed then",
         false,
         [](Trunk& t, const Yaml& n) { return read_number(t.gain, n, -20, 20); },
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

}  // namespace patchbay::config
