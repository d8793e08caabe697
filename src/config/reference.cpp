#include "config/reference.hpp"

#include <fmt/format.h>

#include "config/fields.hpp"

namespace patchbay::config {
namespace {

template <typename T>
std::string table(const std::string& title, const Fields<T>& fields) {
    auto text =
        fmt::format("## {}\n\n| setting | kind | default | what it does |\n|---|---|---|---|\n", title);
    for (const auto& field : fields) {
        text += fmt::format("| `{}` | {} | {} | {} |\n", field.name, field.kind,
                            field.required ? "required" : "`" + field.default_value + "`", field.help);
    }
    return text + "\n";
}

template <typename T>
std::string section(const std::string& name, const Fields<T>& fields) {
    auto text = name + ":\n";
    for (const auto& field : fields) {
        text +=
            fmt::format("  # {} ({})\n  {}: {}\n", field.help, field.kind, field.name, field.default_value);
    }
    return text + "\n";
}

}  // namespace

std::string reference() {
    return "# Settings\n\nThe configuration is one YAML file of these parts. Secrets may be written as "
           "`file:PATH` or "
           "`env:NAME`.\n\n" +
           table("node", node_fields()) + table("sip", sip_fields()) +
           table("sip.tls_files and http.tls", tls_fields()) + table("media", media_fields()) +
           table("media.recording", recording_fields()) + table("media.fax", fax_keeping_fields()) +
           table("http", http_fields()) + table("storage", storage_fields()) + table("calls", call_fields()) +
           table("hep", hep_fields()) + table("domains.NAME", domain_fields()) +
           table("domains.NAME.extensions[]", extension_fields()) +
           table("domains.NAME.operators[]", operator_fields()) +
           table("domains.NAME.queues[]", queue_fields()) + table("domains.NAME.faxes[]", fax_fields()) +
           table("domains.NAME.trunks[]", trunk_fields()) +
           table("domains.NAME.trunks[].inbound", trunk_inbound_fields()) +
           table("domains.NAME.trunks[].outbound[]", trunk_outbound_fields()) +
           table("domains.NAME.applications[]", application_fields());
}

std::string sample() {
    return section("node", node_fields()) + section("sip", sip_fields()) + section("media", media_fields()) +
           section("http", http_fields()) + section("storage", storage_fields()) +
           section("calls", call_fields()) + section("hep", hep_fields()) +
           "domains:\n  example.local:\n    extensions:\n"
           "      - { id: 101, number: \"101\", name: \"First\", password: \"change-me\" }\n";
}

}  // namespace patchbay::config
