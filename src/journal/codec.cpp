#include "journal/codec.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <type_traits>

#include <boost/json.hpp>

#include "journal/event_in.hpp"
#include "journal/json_out.hpp"
#include "journal/record.hpp"

namespace patchbay::journal {
namespace {

using namespace patchbay::call;

constexpr std::string_view offset_prefix = "{\"o\":";

std::int64_t milliseconds(Time time) {
    return time.time_since_epoch().count();
}

void put_facts(JsonOut& json, std::string& out, const LegFacts& facts) {
    json.begin("facts");
    JsonOut object(out);
    object.text("domain", facts.domain);
    object.text("number", facts.number);
    object.text_unless_empty("name", facts.display_name);
    object.text_unless_empty("operator", facts.operator_id);
    object.text_unless_empty("group", facts.group);
    object.text_unless_empty("trunk", facts.trunk);
    object.text("direction", word(facts.direction));
    object.text_unless_empty("called", facts.called_number);
    object.text_unless_empty("did", facts.called_did);
    object.text_unless_empty("remote", facts.remote_number);
    object.text_unless_empty("remote_name", facts.remote_display_name);
    object.text_unless_empty("remote_operator", facts.remote_operator_id);
    object.text_unless_empty("remote_group", facts.remote_group);
    object.text_unless_empty("queue", facts.queue_id);
    object.number("started", milliseconds(facts.started));
    object.end();
}

void put_cause(JsonOut& json, const Cause& cause) {
    json.text("by", word(cause.by));
    if (cause.sip != 0) json.number("sip", cause.sip);
    if (cause.q850 != 0) json.number("q850", cause.q850);
    json.text("slug", cause.slug);
}

void put_quality(JsonOut& json, std::string& out, const Quality& quality) {
    json.begin("quality");
    JsonOut object(out);
    object.text("codec", quality.codec);
    object.number("received", quality.received);
    object.number("sent", quality.sent);
    object.number("lost", quality.lost);
    object.number("lost_remote", quality.lost_remote);
    object.number("jitter", quality.jitter.count());
    object.number("round_trip", quality.round_trip.count());
    object.number("mos", std::lround(quality.mos * 100));
    object.end();
}

// Writes a body's kind and members.
struct BodyOut {
    JsonOut& json;
    std::string& out;

    void kind(std::string_view name) const { json.text("e", name); }
    template <typename WithParty>
    void party(const WithParty& body) const {
        static const LegFacts nothing_known;
        put_facts(json, out, body.facts ? *body.facts : nothing_known);
        if (body.role != Role::talker) json.text("role", word(body.role));
        if (body.supervises) json.hex("supervises", body.supervises.value);
    }

    void operator()(const LegStarted& body) const { kind("leg_started"), party(body); }
    void operator()(const LegAlerting&) const { kind("leg_alerting"); }
    void operator()(const LegConnected&) const { kind("leg_connected"); }
    void operator()(const LegHeld& body) const {
        kind("leg_held");
        json.flag_if_set("by_phone", body.by_phone);
    }
    void operator()(const LegRetrieved&) const { kind("leg_retrieved"); }
    void operator()(const LegParked& body) const { kind("leg_parked"), json.number("slot", body.slot); }
    void operator()(const LegChanged& body) const { kind("leg_changed"), party(body); }
    void operator()(const LegMoved& body) const {
        kind("leg_moved");
        json.decimal_text("from", body.from.value);
    }
    void operator()(const LegEnded& body) const {
        kind("leg_ended"), put_cause(json, body.cause);
        if (body.quality) put_quality(json, out, *body.quality);
    }
    void operator()(const TransferStarted& body) const {
        kind("transfer_started");
        json.text("to", body.to);
        json.flag_if_set("attended", body.attended);
    }
    void operator()(const TransferEnded& body) const {
        kind("transfer_ended");
        json.flag_if_set("done", body.done);
        put_cause(json, body.cause);
    }
    void operator()(const DtmfPressed& body) const {
        kind("dtmf_pressed");
        json.text("digit", std::string_view(&body.digit, 1));
    }
    void operator()(const RecordingChanged& body) const {
        kind("recording_changed");
        json.text("id", body.id.text());
        json.text("recording", word(body.state));
        json.text_unless_empty("slug", body.reason);
    }
    void operator()(const FaxChanged& body) const {
        kind("fax_changed");
        json.text("id", body.id.text());
        json.text("fax", word(body.state));
        if (body.pages > 0) json.number("pages", body.pages);
        json.text_unless_empty("slug", body.reason);
    }
    void operator()(const LegQueued& body) const { kind("leg_queued"), json.text("queue", body.queue); }
    void operator()(const LegOffered& body) const { kind("leg_offered"), json.hex("to", body.to.value); }
    void operator()(const CallEnded& body) const { kind("call_ended"), put_cause(json, body.cause); }
};

}  // namespace

void encode(const Event& event, std::string& out) {
    const auto begun = begin_record(out);
    JsonOut json(out);
    json.number("o", event.offset);
    json.number("n", event.sequence);
    json.number("t", milliseconds(event.at));
    json.decimal_text("c", event.call.value);
    if (event.leg) {
        json.hex("l", event.leg.value);
        json.text("s", word(event.state));
    }
    std::visit(BodyOut{json, out}, event.body);
    json.end();
    seal_record(out, begun);
}

Result<Event> decode(std::string_view json) {
    static constexpr int deepest = 4;
    boost::json::parse_options options;
    options.allow_invalid_utf8 = true;
    options.max_depth = deepest;
    boost::json::monotonic_resource memory;
    boost::system::error_code error;
    const auto value = boost::json::parse(json, error, &memory, options);
    if (error || !value.is_object()) return Error{"bad_record", "is no JSON object"};
    return read_event(value.get_object());
}

std::uint64_t peek_offset(std::string_view json) {
    if (!json.starts_with(offset_prefix)) return 0;
    std::uint64_t offset = 0;
    std::from_chars(json.data() + offset_prefix.size(), json.data() + json.size(), offset);
    return offset;
}

}  // namespace patchbay::journal
