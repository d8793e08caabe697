// The settings of a queue of waiting callers.
#include "base/text.hpp"
#include "config/fields.hpp"
#include "config/values.hpp"

namespace patchbay::config {
namespace {

const std::vector<std::string> strategies{"ring_all",     "longest_idle", "round_robin", "least_talk",
                                          "fewest_calls", "top_down",     "skills"};
const std::vector<std::string> penalties{"none", "auxwork", "block"};

std::string read_levels(std::map<std::string, int>& out, const Yaml& node) {
    if (node.IsNull()) return "";
    if (!node.IsMap()) return "expected a mapping of operator id to level";
    for (const auto& entry : node) {
        const auto level = entry.second.IsScalar() ? to_number(entry.second.Scalar()) : std::nullopt;
        if (!level || *level < 1 || *level > 100) return "expected levels from 1 to 100";
        out[entry.first.as<std::string>("")] = static_cast<int>(*level);
    }
    return "";
}

std::string read_digit(std::string& out, const Yaml& node) {
    if (auto expected = read_text(out, node); !expected.empty()) return expected;
    const bool is_digit =
        out.size() == 1 && std::string_view("0123456789*#").find(out[0]) != std::string::npos;
    return out.empty() || is_digit ? "" : "expected one of 0 to 9, * and #";
}

// Who serves the queue, and how.
Fields<Queue> service_fields() {
    return {
        {"id",
         "name",
         "",
         "The queue's id",
         true,
         [](Queue& q, const Yaml& n) { return read_name(q.id, n); },
         {}},
        {"number",
         "number",
         "",
         "The number callers reach it by",
         true,
         [](Queue& q, const Yaml& n) { return read_name(q.number, n); },
         {}},
        {"name",
         "text",
         "its id",
         "Its name for people",
         false,
         [](Queue& q, const Yaml& n) { return read_text(q.name, n); },
         {}},
        {"operators",
         "list of operator ids",
         "[]",
         "Who serves it, in the order that top_down and round_robin go by",
         false,
         [](Queue& q, const Yaml& n) { return read_texts(q.operators, n); },
         {}},
        {"numbers",
         "list of numbers",
         "[]",
         "Plain numbers, outside ones too, that are rung when no operator is free",
         false,
         [](Queue& q, const Yaml& n) { return read_texts(q.numbers, n); },
         {}},
        {"strategy",
         "strategy",
         "longest_idle",
         "Who is rung: ring_all, longest_idle, round_robin, least_talk, fewest_calls, top_down or skills",
         false,
         [](Queue& q, const Yaml& n) { return read_choice(q.strategy, n, strategies); },
         {}},
        {"levels",
         "operator id: level",
         "{}",
         "Skill of each operator, 1 to 100, for strategy skills; who is not named has 100",
         false,
         [](Queue& q, const Yaml& n) { return read_levels(q.levels, n); },
         {}},
        {"min_level",
         "level",
         "0",
         "With strategy skills, operators below this are not rung at first",
         false,
         [](Queue& q, const Yaml& n) { return read_number(q.min_level, n, 0, 100); },
         {}},
        {"relax_after",
         "seconds",
         "0",
         "After each such time of waiting 10 levels less than min_level will do; 0: never",
         false,
         [](Queue& q, const Yaml& n) { return read_duration(q.relax_after, n, 0, 3600); },
         {}},
        {"ring_time",
         "seconds",
         "20",
         "How long an operator's phone rings before the next one's",
         false,
         [](Queue& q, const Yaml& n) { return read_duration(q.ring_time, n, 1, 600); },
         {}},
        {"wrap_up",
         "seconds",
         "0",
         "After-call work ends by itself after this; 0: there is none",
         false,
         [](Queue& q, const Yaml& n) { return read_duration(q.wrap_up, n, 0, 3600); },
         {}},
        {"manual_completion",
         "true or false",
         "false",
         "After-call work lasts until the operator completes it, however long; `wrap_up` is not looked at",
         false,
         [](Queue& q, const Yaml& n) { return read_flag(q.manual_completion, n); },
         {}},
        {"priority",
         "number",
         "0",
         "An operator of several queues serves the one with the higher priority first",
         false,
         [](Queue& q, const Yaml& n) { return read_number(q.priority, n, -100, 100); },
         {}},
        {"record",
         "true or false",
         "false",
         "Record every talk that came through this queue",
         false,
         [](Queue& q, const Yaml& n) { return read_flag(q.record, n); },
         {}},
        {"on_missed",
         "none, auxwork or block",
         "auxwork",
         "What becomes of an operator who did not answer: nothing, a break with reason missed, or locked "
         "until unblocked",
         false,
         [](Queue& q, const Yaml& n) { return read_choice(q.on_missed, n, penalties); },
         {}},
        {"on_rejected",
         "none, auxwork or block",
         "auxwork",
         "The same for one who refused, the reason being rejected",
         false,
         [](Queue& q, const Yaml& n) { return read_choice(q.on_rejected, n, penalties); },
         {}},
    };
}

// What becomes of those who wait.
Fields<Queue> waiting_fields() {
    return {
        {"max_wait",
         "seconds",
         "0",
         "How long a caller may wait before overflow; 0: no limit",
         false,
         [](Queue& q, const Yaml& n) { return read_duration(q.max_wait, n, 0, 86400); },
         {}},
        {"attempts",
         "number",
         "0",
         "How often operators are rung for one caller before overflow; 0: no limit",
         false,
         [](Queue& q, const Yaml& n) { return read_number(q.attempts, n, 0, 1000); },
         {}},
        {"length",
         "number",
         "0",
         "How many callers may wait; who comes then goes to overflow; 0: no limit",
         false,
         [](Queue& q, const Yaml& n) { return read_number(q.length, n, 0, 100000); },
         {}},
        {"overflow",
         "number",
         "\"\"",
         "Where callers go whom the queue gives up: any number, also of another queue; empty: they are hung "
         "up",
         false,
         [](Queue& q, const Yaml& n) { return read_text(q.overflow, n); },
         {}},
        {"music",
         "name",
         "the domain's music",
         "The sound that plays to who waits, and on hold in a call that came through the queue; a name of "
         "media.sounds",
         false,
         [](Queue& q, const Yaml& n) { return read_text(q.music, n); },
         {}},
        {"welcome",
         "list of names",
         "[]",
         "Sounds that are played once to who begins to wait; names of media.sounds",
         false,
         [](Queue& q, const Yaml& n) { return read_texts(q.welcome, n); },
         {}},
        {"announce",
         "none, position, wait or both",
         "none",
         "What waiting callers are told: their place, how long it may take, or both; of the sounds that "
         "audio.md "
         "names",
         false,
         [](Queue& q, const Yaml& n) {
             return read_choice(q.announce, n, {"none", "position", "wait", "both"});
         },
         {}},
        {"announce_every",
         "seconds",
         "60",
         "How often",
         false,
         [](Queue& q, const Yaml& n) { return read_duration(q.announce_every, n, 10, 3600); },
         {}},
        {"callback_digit",
         "digit",
         "\"\"",
         "A waiting caller who presses it is called back in turn; empty: there is no callback",
         false,
         [](Queue& q, const Yaml& n) { return read_digit(q.callback_digit, n); },
         {}},
        {"callback_prefix",
         "digits",
         "\"\"",
         "Put before the number of a caller who is called back: the way out",
         false,
         [](Queue& q, const Yaml& n) { return read_text(q.callback_prefix, n); },
         {}},
        {"service_level",
         "seconds",
         "20",
         "Answered within this counts as in time",
         false,
         [](Queue& q, const Yaml& n) { return read_duration(q.service_level, n, 1, 3600); },
         {}},
        {"short_abandon",
         "seconds",
         "5",
         "Who hangs up before this is counted apart, as a wrong number",
         false,
         [](Queue& q, const Yaml& n) { return read_duration(q.short_abandon, n, 0, 600); },
         {}},
    };
}

}  // namespace

const Fields<Queue>& queue_fields() {
    static const Fields<Queue> fields = [] {
        auto all = service_fields();
        for (auto& field : waiting_fields()) all.push_back(std::move(field));
        return all;
    }();
    return fields;
}

}  // namespace patchbay::config
