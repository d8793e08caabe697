#include "commands.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "base/text.hpp"

namespace patchbay::robot {

namespace {

/// Why a command could not be carried out.
struct Refused {
    std::string text;
};

/// One command's fields, read with defaults. Throws Refused for a field of the wrong type.
class Fields {
  public:
    explicit Fields(const Json& command) : command_(command) {}

    bool has(std::string_view name) const { return command_.contains(name); }
    std::string text(std::string_view name, std::string otherwise = "") const {
        const auto* value = command_.if_contains(name);
        if (value == nullptr) return otherwise;
        if (!value->is_string()) throw Refused{fmt::format("{} must be a string", name)};
        return std::string(value->as_string());
    }
    std::string needed(std::string_view name) const {
        if (!has(name)) throw Refused{fmt::format("{} is missing", name)};
        return text(name);
    }
    double number(std::string_view name, double otherwise = 0) const {
        const auto* value = command_.if_contains(name);
        return value == nullptr ? otherwise : as_number(*value, name);
    }
    int whole(std::string_view name, int otherwise = 0) const {
        return static_cast<int>(number(name, otherwise));
    }
    bool flag(std::string_view name, bool otherwise = false) const {
        const auto* value = command_.if_contains(name);
        if (value == nullptr) return otherwise;
        if (!value->is_bool()) throw Refused{fmt::format("{} must be true or false", name)};
        return value->as_bool();
    }
    std::vector<double> numbers(std::string_view name) const {
        std::vector<double> result;
        const auto* value = command_.if_contains(name);
        if (value == nullptr) return result;
        if (!value->is_array()) throw Refused{fmt::format("{} must be a list", name)};
        for (const auto& item : value->as_array()) result.push_back(as_number(item, name));
        return result;
    }
    const Json* object(std::string_view name) const {
        const auto* value = command_.if_contains(name);
        return value != nullptr && value->is_object() ? &value->as_object() : nullptr;
    }
    HeaderList headers() const {
        HeaderList result;
        if (const auto* object_value = object("headers"))
            for (const auto& [name, value] : *object_value)
                if (value.is_string()) result.emplace_back(name, value.as_string());
        return result;
    }
    std::optional<std::string> sdp() const { return has("sdp") ? std::optional(text("sdp")) : std::nullopt; }

  private:
    static double as_number(const boost::json::value& value, std::string_view name) {
        if (!value.is_number()) throw Refused{fmt::format("{} must be a number", name)};
        return value.to_number<double>();
    }
    const Json& command_;
};

std::shared_ptr<Call> call_of(const Phone& phone, const Fields& fields) {
    auto call = phone.find(fields.whole("call"));
    if (!call) throw Refused{"there is no such call"};
    return call;
}

Audio& audio_of(const Phone& phone, const Fields& fields) {
    const auto call = call_of(phone, fields);
    if (call->audio() == nullptr) throw Refused{"the call has no audio"};
    return *call->audio();
}

sip::sdp::Direction direction_of(const Fields& fields, sip::sdp::Direction otherwise) {
    using sip::sdp::Direction;
    const auto text = fields.text("direction", std::string(sip::sdp::word(otherwise)));
    for (const auto direction :
         {Direction::sendrecv, Direction::sendonly, Direction::recvonly, Direction::inactive})
        if (sip::sdp::word(direction) == text) return direction;
    throw Refused{"direction is none of sendrecv, sendonly, recvonly, inactive"};
}

void modify(Phone& phone, const Fields& fields, sip::sdp::Direction otherwise) {
    call_of(phone, fields)
        ->modify(direction_of(fields, otherwise), fields.text("method") == "UPDATE",
                 fields.flag("late_offer"), fields.sdp());
}

void lie(Phone& phone, const Fields& fields) {
    Audio::Lie lie;
    lie.packets = fields.whole("packets", 1);
    lie.version = fields.whole("version", 2);
    if (fields.has("payload_type")) lie.payload_type = fields.whole("payload_type");
    lie.ssrc_by = static_cast<std::uint32_t>(fields.whole("ssrc_by"));
    lie.timestamp_by = static_cast<std::uint32_t>(fields.whole("timestamp_by"));
    lie.sequence_by = static_cast<std::uint16_t>(fields.whole("sequence_by"));
    lie.size = static_cast<std::size_t>(std::clamp(fields.whole("size", 160), 0, 60000));
    lie.report = fields.flag("report");
    lie.rtcp = lie.report || fields.flag("rtcp");
    audio_of(phone, fields).tell(lie);
}

void refer_attended(Phone& phone, const Fields& fields) {
    const auto call = call_of(phone, fields);
    const auto other = phone.find(fields.whole("replaces"));
    if (!other || !fields.has("replaces")) throw Refused{"replaces names no call"};
    const auto& dialog = other->dialog();
    call->refer(fmt::format("<{}?Replaces={}%3Bto-tag%3D{}%3Bfrom-tag%3D{}>",
                            fields.text("to", dialog.remote_uri), dialog.call_id, dialog.remote_tag,
                            dialog.local_tag));
}

void refer(Phone& phone, const Fields& fields) {
    const auto to = fields.needed("to");
    const auto uri =
        to.find(':') == std::string::npos ? fmt::format("sip:{}@{}", to, phone.options().domain) : to;
    call_of(phone, fields)->refer("<" + uri + ">");
}

void wait_tones(Phone& phone, const Fields& fields, const Json& command) {
    Wanted wanted;
    wanted.present = fields.numbers("want");
    wanted.absent = fields.numbers("not");
    if (fields.has("other")) wanted.other = fields.flag("other");
    wanted.timeout = Milliseconds(fields.whole("timeout", 3000));
    wanted.stable = Milliseconds(fields.whole("stable", 300));
    const auto call = call_of(phone, fields);
    const auto* id = command.if_contains("id");
    const boost::json::value tag = id == nullptr ? boost::json::value() : *id;
    phone.waiter().wait(call, wanted, [&phone, tag, number = call->number()](bool ok, const Heard& heard) {
        Json fact{{"id", tag}, {"call", number}, {"ok", ok}};
        const auto described = Waiter::describe(heard, phone.options().known_tones);
        if (!heard.tones.empty())
            for (const auto& field : described) fact[field.key()] = field.value();
        phone.facts().emit("tones", std::move(fact));
    });
}

void answer_with(Phone& phone, std::string_view event, const Json& command, Json fields) {
    if (const auto* id = command.if_contains("id")) fields["id"] = *id;
    phone.facts().emit(event, std::move(fields));
}

void stats(Phone& phone, const Json& command) {
    const auto& counts = phone.transactions().counts();
    answer_with(phone, "stats", command,
                {{"sent", counts.sent},
                 {"received", counts.received},
                 {"repeated", counts.repeated},
                 {"received_repeated", counts.received_repeated},
                 {"calls", phone.calls().size()},
                 {"busy", phone.busy()}});
}

void describe_pages(Phone& phone, const Fields& fields, const Json& command) {
    boost::json::array pages;
    for (const auto& page : fax_pages(fields.needed("file")))
        pages.push_back(Json{{"width", page.width}, {"rows", page.rows}, {"pels", page.pels}});
    answer_with(phone, "fax_pages", command, {{"pages", std::move(pages)}});
}

void on_fact(Phone& phone, const Fields& fields) {
    const auto* pattern = fields.object("fact");
    const auto* action = fields.object("do");
    if (pattern == nullptr || action == nullptr) throw Refused{"on needs the objects fact and do"};
    phone.facts().once(*pattern, [&phone, command = *action] { execute(phone, command); });
}

void add_rule(Phone& phone, const Fields& fields) {
    phone.add_rule({fields.needed("method"), fields.whole("status"), fields.whole("times", -1)});
}

using Handler = std::function<void(Phone&, const Fields&, const Json&)>;

/// Commands whose own fact is their answer; all others end in "done".
const std::map<std::string, Handler, std::less<>>& asking() {
    static const std::map<std::string, Handler, std::less<>> handlers{
        {"wait_tones", wait_tones},
        {"hear", [](Phone& phone, const Fields& f,
                    const Json& c) { answer_with(phone, "heard", c, Waiter::describe(*call_of(phone, f))); }},
        {"fax_pages", describe_pages},
        {"stats", [](Phone& phone, const Fields&, const Json& c) { stats(phone, c); }},
    };
    return handlers;
}

const std::map<std::string, Handler, std::less<>>& calling() {
    static const std::map<std::string, Handler, std::less<>> handlers{
        {"register", [](Phone& p, const Fields& f,
                        const Json&) { p.register_now(f.whole("expires", p.options().expires)); }},
        {"unregister", [](Phone& p, const Fields&, const Json&) { p.register_now(0); }},
        {"call",
         [](Phone& p, const Fields& f, const Json&) {
             p.call(f.needed("to"), {"", f.headers(), f.sdp(), f.flag("late_offer")});
         }},
        {"cancel", [](Phone& p, const Fields& f, const Json&) { call_of(p, f)->cancel(); }},
        {"ring",
         [](Phone& p, const Fields& f, const Json&) {
             call_of(p, f)->ring(f.whole("status", f.flag("early_media") ? 183 : 180), f.flag("early_media"));
         }},
        {"answer", [](Phone& p, const Fields& f, const Json&) { call_of(p, f)->answer(f.sdp()); }},
        {"reject", [](Phone& p, const Fields& f,
                      const Json&) { call_of(p, f)->refuse(f.whole("status", 486), f.headers()); }},
        {"redirect",
         [](Phone& p, const Fields& f, const Json&) {
             const auto uri = fmt::format("<sip:{}@{}>", f.needed("to"), p.options().domain);
             call_of(p, f)->refuse(302, {{"Contact", uri}});
         }},
        {"hangup", [](Phone& p, const Fields& f, const Json&) { call_of(p, f)->hangup(f.headers()); }},
        {"hold", [](Phone& p, const Fields& f, const Json&) { modify(p, f, sip::sdp::Direction::sendonly); }},
        {"unhold",
         [](Phone& p, const Fields& f, const Json&) { modify(p, f, sip::sdp::Direction::sendrecv); }},
        {"codecs",
         [](Phone& p, const Fields& f, const Json&) {
             const auto codecs = codecs_named(f.needed("codecs"));
             if (!codecs) throw Refused{"codecs names one that is unknown"};
             call_of(p, f)->change_codecs(*codecs);
         }},
        {"rekey", [](Phone& p, const Fields& f, const Json&) { call_of(p, f)->rekey(); }},
        {"t38", [](Phone& p, const Fields& f, const Json&) { call_of(p, f)->ask_t38(); }},
        {"refer", [](Phone& p, const Fields& f, const Json&) { refer(p, f); }},
        {"refer_attended", [](Phone& p, const Fields& f, const Json&) { refer_attended(p, f); }},
        {"dtmf", [](Phone& p, const Fields& f,
                    const Json&) { call_of(p, f)->dtmf(f.needed("digits"), f.text("by", "rtp")); }},
        {"send", [](Phone& p, const Fields& f,
                    const Json&) { call_of(p, f)->send(f.needed("method"), f.headers(), f.text("body")); }},
        {"request", [](Phone& p, const Fields& f,
                       const Json&) { p.request(f.text("method", "OPTIONS"), f.needed("to"), f.headers()); }},
    };
    return handlers;
}

const std::map<std::string, Handler, std::less<>>& sounding() {
    static const std::map<std::string, Handler, std::less<>> handlers{
        {"tone", [](Phone& p, const Fields& f, const Json&) { audio_of(p, f).tone(f.number("hertz")); }},
        {"mute", [](Phone& p, const Fields& f, const Json&) { audio_of(p, f).mute(f.flag("on", true)); }},
        {"noise",
         [](Phone& p, const Fields& f, const Json&) {
             audio_of(p, f).noise(f.flag("on", true) ? std::optional(f.whole("level", 50)) : std::nullopt);
         }},
        {"silent", [](Phone& p, const Fields& f, const Json&) { audio_of(p, f).silent(f.flag("on", true)); }},
        {"click", [](Phone& p, const Fields& f,
                     const Json&) { audio_of(p, f).click(f.whole("count", 1), f.whole("every", 15)); }},
        {"listen_for_sounds",
         [](Phone& p, const Fields& f, const Json&) { audio_of(p, f).listen_for_sounds(); }},
        {"measure", [](Phone& p, const Fields& f,
                       const Json&) { audio_of(p, f).begin_measuring(f.number("level", -12)); }},
        {"fax", [](Phone& p, const Fields& f, const Json&) { audio_of(p, f).fax(f.needed("file")); }},
        {"stranger",
         [](Phone& p, const Fields& f, const Json&) {
             audio_of(p, f).stranger(f.number("hertz", 1425), f.whole("packets", 50));
         }},
    };
    return handlers;
}

const std::map<std::string, Handler, std::less<>>& misbehaving() {
    static const std::map<std::string, Handler, std::less<>> handlers{
        {"fault",
         [](Phone& p, const Fields& f, const Json&) {
             if (!set_fault(p.options().faults, f.needed("name"), f.flag("on", true)))
                 throw Refused{"there is no fault of that name"};
         }},
        {"rule", [](Phone& p, const Fields& f, const Json&) { add_rule(p, f); }},
        {"on", [](Phone& p, const Fields& f, const Json&) { on_fact(p, f); }},
        {"lie", [](Phone& p, const Fields& f, const Json&) { lie(p, f); }},
        {"storm",
         [](Phone& p, const Fields& f, const Json&) { p.transactions().storm(f.whole("count", 20)); }},
        {"raw", [](Phone& p, const Fields& f,
                   const Json&) { p.transactions().send_raw(f.needed("text"), p.server()); }},
    };
    return handlers;
}

}  // namespace

void execute(Phone& phone, const Json& command) {
    const Fields fields(command);
    try {
        const auto name = fields.needed("cmd");
        if (const auto found = asking().find(name); found != asking().end())
            return found->second(phone, fields, command);
        for (const auto* handlers : {&calling(), &sounding(), &misbehaving()}) {
            const auto found = handlers->find(name);
            if (found == handlers->end()) continue;
            found->second(phone, fields, command);
            return answer_with(phone, "done", command, {{"cmd", name}});
        }
        throw Refused{"there is no command " + name};
    } catch (const Refused& refused) {
        answer_with(phone, "refused", command, {{"text", refused.text}});
    }
}

void execute_line(std::vector<std::unique_ptr<Phone>>& phones, std::string_view line) {
    line = trim(line);
    if (line.empty() || line.front() == '#') return;
    boost::json::error_code error;
    const auto value = boost::json::parse({line.data(), line.size()}, error);
    if (error || !value.is_object()) {
        phones.front()->facts().emit("refused", {{"text", "the line is no JSON object"}});
        return;
    }
    const auto& command = value.as_object();
    const auto* phone = command.if_contains("phone");
    const auto index = phone != nullptr && phone->is_int64() ? phone->as_int64() : 1;
    if (index < 1 || index > static_cast<std::int64_t>(phones.size())) {
        phones.front()->facts().emit("refused", {{"text", "there is no such phone"}});
        return;
    }
    execute(*phones[static_cast<std::size_t>(index - 1)], command);
}

}  // namespace patchbay::robot
