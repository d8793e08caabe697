#include "history/set_aside.hpp"

#include <fstream>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "journal/json_out.hpp"

namespace patchbay::history {
namespace {

metrics::Counter& counter() {
    static auto& made =
        metrics::counter("patchbay_history_set_aside_total", "CDRs that the store would never take");
    return made;
}

void write_parties(journal::JsonOut& json, const Cdr& cdr) {
    json.text("number", cdr.number);
    json.text("display_name", cdr.display_name);
    json.text_unless_empty("operator", cdr.operator_id);
    json.text_unless_empty("group", cdr.group);
    json.text("remote_number", cdr.remote_number);
    json.text("remote_display_name", cdr.remote_display_name);
    json.text_unless_empty("remote_operator", cdr.remote_operator_id);
    json.text_unless_empty("remote_group", cdr.remote_group);
    json.text("called_number", cdr.called_number);
    json.text_unless_empty("called_did", cdr.called_did);
    json.text_unless_empty("trunk", cdr.trunk);
    json.text_unless_empty("queue", cdr.queue_id);
}

void write_times(journal::JsonOut& json, const Cdr& cdr) {
    const auto time = [&](std::string_view key, Time at) {
        if (at != Time{}) json.number(key, at.time_since_epoch().count());
    };
    time("started", cdr.started);
    time("answered", cdr.answered);
    time("released", cdr.released);
    time("distributed", cdr.distributed);
    time("agent_answered", cdr.agent_answered);
    json.number("held", cdr.held.count());
}

std::string line_of(const Cdr& cdr, const Error& refused) {
    std::string line;
    journal::JsonOut json(line);
    json.text("refused", refused.text);
    json.hex("leg", cdr.leg.value);
    json.decimal_text("call", cdr.call.value);
    json.text("domain", cdr.domain);
    json.text("direction", call::word(cdr.direction));
    json.text("role", call::word(cdr.role));
    write_parties(json, cdr);
    write_times(json, cdr);
    json.flag_if_set("rang", cdr.rang);
    json.text("cause", cdr.cause);
    json.number("sip", cdr.sip);
    for (const auto& url : cdr.urls) json.text("url", url);
    json.end();
    return line;
}

}  // namespace

void SetAside::keep(const Cdr& cdr, const Error& refused) {
    counter().add();
    log::error("history", "the record of leg {} of call {} is set aside: {}", cdr.leg.text(), cdr.call.text(),
               refused.text);
    if (file_.empty()) return;
    std::ofstream file(file_, std::ios::app);
    file << line_of(cdr, refused) << '\n' << std::flush;
    if (!file) log::error("history", "{} cannot be written: {}", file_, line_of(cdr, refused));
}

}  // namespace patchbay::history
