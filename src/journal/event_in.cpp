#include "journal/event_in.hpp"

#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "journal/slugs.hpp"

namespace patchbay::journal {
namespace {

using namespace patchbay::call;

// Reads members; the first that is missing or wrong is remembered, and all after it read as nothing.
class Members {
  public:
    explicit Members(const boost::json::object& object) : object_(object) {}

    std::string_view text(std::string_view key) {
        const auto* value = object_.if_contains(key);
        if (value == nullptr || !value->is_string()) return missing(key), std::string_view{};
        return value->get_string();
    }
    std::string text_or_empty(std::string_view key) {
        return object_.contains(key) ? std::string(text(key)) : std::string();
    }
    std::int64_t number(std::string_view key) {
        const auto* value = object_.if_contains(key);
        if (value == nullptr || !value->is_int64()) return missing(key), 0;
        return value->get_int64();
    }
    int small_number(std::string_view key) {
        const auto value = number(key);
        if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) missing(key);
        return static_cast<int>(value);
    }
    int small_number_or_zero(std::string_view key) { return object_.contains(key) ? small_number(key) : 0; }
    bool flag(std::string_view key) const {
        const auto* value = object_.if_contains(key);
        return value != nullptr && value->is_bool() && value->get_bool();
    }
    std::uint64_t id(std::string_view key, int base) {
        const auto digits = text(key);
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
        if (error != std::errc{} || end != digits.data() + digits.size()) missing(key);
        return value;
    }
    LegId leg_or_none(std::string_view key) { return {object_.contains(key) ? id(key, 16) : 0}; }
    /// The value of a word, `named` being the way back from words.
    template <typename Named>
    auto word_of(std::string_view key, Named named) {
        const auto value = named(text(key));
        if (!value) missing(key);
        return value ? *value : typename decltype(value)::value_type{};
    }
    const boost::json::object* object(std::string_view key) {
        const auto* value = object_.if_contains(key);
        if (value == nullptr || !value->is_object()) return missing(key), nullptr;
        return &value->get_object();
    }
    bool contains(std::string_view key) const { return object_.contains(key); }

    void missing(std::string_view key) {
        if (wrong_.empty()) wrong_ = key;
    }
    const std::string& wrong() const { return wrong_; }

  private:
    const boost::json::object& object_;
    std::string wrong_;
};

Time time_of(std::int64_t milliseconds) {
    return Time{Milliseconds{milliseconds}};
}

LegFactsPtr read_facts(Members& event) {
    const auto* object = event.object("facts");
    if (object == nullptr) return nullptr;
    Members in(*object);
    auto facts = std::make_shared<LegFacts>();
    facts->domain = in.text("domain");
    facts->number = in.text("number");
    facts->display_name = in.text_or_empty("name");
    facts->operator_id = in.text_or_empty("operator");
    facts->group = in.text_or_empty("group");
    facts->trunk = in.text_or_empty("trunk");
    facts->direction = in.word_of("direction", direction_named);
    facts->called_number = in.text_or_empty("called");
    facts->called_did = in.text_or_empty("did");
    facts->remote_number = in.text_or_empty("remote");
    facts->remote_display_name = in.text_or_empty("remote_name");
    facts->remote_operator_id = in.text_or_empty("remote_operator");
    facts->remote_group = in.text_or_empty("remote_group");
    facts->queue_id = in.text_or_empty("queue");
    facts->started = time_of(in.number("started"));
    if (!in.wrong().empty()) event.missing("facts." + in.wrong());
    return facts;
}

template <typename WithParty>
EventBody read_party(Members& in) {
    WithParty body;
    body.facts = read_facts(in);
    if (in.contains("role")) body.role = in.word_of("role", role_named);
    body.supervises = in.leg_or_none("supervises");
    return body;
}

Cause read_cause(Members& in) {
    return {in.word_of("by", cause_by_named), in.small_number_or_zero("sip"), in.small_number_or_zero("q850"),
            keep_slug(in.text("slug"))};
}

QualityPtr read_quality(Members& event) {
    if (!event.contains("quality")) return nullptr;
    const auto* object = event.object("quality");
    if (object == nullptr) return nullptr;
    Members in(*object);
    const auto count = [&](std::string_view key) { return static_cast<std::uint64_t>(in.number(key)); };
    auto quality = std::make_shared<Quality>();
    quality->codec = in.text("codec");
    quality->received = count("received");
    quality->sent = count("sent");
    quality->lost = count("lost");
    quality->lost_remote = count("lost_remote");
    quality->jitter = Milliseconds{in.number("jitter")};
    quality->round_trip = Milliseconds{in.number("round_trip")};
    quality->mos = static_cast<double>(in.small_number("mos")) / 100;
    if (!in.wrong().empty()) event.missing("quality." + in.wrong());
    return quality;
}

EventBody read_recording(Members& in) {
    RecordingChanged body;
    const auto id = Uuid::parse(in.text("id"));
    if (!id) in.missing("id");
    body.id = id.value_or(Uuid{});
    body.state = in.word_of("recording", recording_state_named);
    if (in.contains("slug")) body.reason = keep_slug(in.text("slug"));
    return body;
}

EventBody read_fax(Members& in) {
    FaxChanged body;
    const auto id = Uuid::parse(in.text("id"));
    if (!id) in.missing("id");
    body.id = id.value_or(Uuid{});
    body.state = in.word_of("fax", fax_state_named);
    if (in.contains("pages")) body.pages = in.small_number("pages");
    if (in.contains("slug")) body.reason = keep_slug(in.text("slug"));
    return body;
}

EventBody read_body(Members& in) {
    using Read = EventBody (*)(Members&);
    static constexpr std::pair<std::string_view, Read> kinds[] = {
        {"leg_started", read_party<LegStarted>},
        {"leg_alerting", [](Members&) -> EventBody { return LegAlerting{}; }},
        {"leg_connected", [](Members&) -> EventBody { return LegConnected{}; }},
        {"leg_held", [](Members& m) -> EventBody { return LegHeld{m.flag("by_phone")}; }},
        {"leg_retrieved", [](Members&) -> EventBody { return LegRetrieved{}; }},
        {"leg_parked", [](Members& m) -> EventBody { return LegParked{m.small_number("slot")}; }},
        {"leg_changed", read_party<LegChanged>},
        {"leg_moved", [](Members& m) -> EventBody { return LegMoved{CallRef{m.id("from", 10)}}; }},
        {"leg_ended",
         [](Members& m) -> EventBody {
             return LegEnded{read_cause(m), read_quality(m)};
         }},
        {"transfer_started",
         [](Members& m) -> EventBody {
             return TransferStarted{std::string(m.text("to")), m.flag("attended")};
         }},
        {"transfer_ended",
         [](Members& m) -> EventBody {
             return TransferEnded{m.flag("done"), read_cause(m)};
         }},
        {"dtmf_pressed",
         [](Members& m) -> EventBody {
             const auto digit = m.text("digit");
             if (digit.size() != 1) m.missing("digit");
             return DtmfPressed{digit.empty() ? '\0' : digit.front()};
         }},
        {"recording_changed", read_recording},
        {"fax_changed", read_fax},
        {"leg_queued", [](Members& m) -> EventBody { return LegQueued{std::string(m.text("queue"))}; }},
        {"leg_offered", [](Members& m) -> EventBody { return LegOffered{m.leg_or_none("to")}; }},
        {"call_ended", [](Members& m) -> EventBody { return CallEnded{read_cause(m)}; }},
    };
    const auto kind = in.text("e");
    for (const auto& [name, read] : kinds)
        if (name == kind) return read(in);
    in.missing("e");
    return LegAlerting{};
}

}  // namespace

Result<Event> read_event(const boost::json::object& object) {
    Members in(object);
    Event event;
    event.offset = static_cast<std::uint64_t>(in.number("o"));
    const auto sequence = in.number("n");
    if (sequence < 0 || sequence > std::numeric_limits<std::uint32_t>::max()) in.missing("n");
    event.sequence = static_cast<std::uint32_t>(sequence);
    event.at = time_of(in.number("t"));
    event.call = CallRef{in.id("c", 10)};
    event.leg = in.leg_or_none("l");
    if (event.leg) event.state = in.word_of("s", leg_state_named);
    event.body = read_body(in);
    if (!in.wrong().empty()) return Error{"bad_record", "has no good member " + in.wrong()};
    return event;
}

}  // namespace patchbay::journal
