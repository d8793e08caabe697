// The eleven calls of the documented operator_call_history answer, and the events that they were.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "call/cause.hpp"
#include "call/event.hpp"
#include "history/fold.hpp"
#include "history/store.hpp"

namespace patchbay::history {

struct Documented {
    std::uint64_t call_ref;
    std::string start, answer, release;
    call::Direction direction;
    ReleasedBy released_by;
    int total, waiting, talk, duration;
};

/// Newest first, as the answer prints them.
inline const std::vector<Documented>& documented_calls() {
    constexpr auto in = call::Direction::in, out = call::Direction::out;
    constexpr auto by_a = ReleasedBy::a, by_b = ReleasedBy::b, by_system = ReleasedBy::system;
    static const std::vector<Documented> calls{
        {613295627, "14:20:50", "", "14:20:54", in, by_system, 4, 4, 0, 0},
        {537644738, "14:20:32", "14:20:39", "14:20:45", in, by_system, 13, 7, 6, 5},
        {3834028254196687921, "14:20:19", "14:20:23", "14:20:26", out, by_b, 7, 4, 3, 3},
        {4115547623, "14:17:41", "", "14:17:44", in, by_system, 3, 3, 0, 0},
        {4060321042, "14:17:28", "14:17:33", "14:17:38", in, by_b, 10, 5, 5, 5},
        {7162187274952783718, "14:17:13", "14:17:18", "14:17:22", out, by_a, 9, 5, 4, 4},
        {3255665922, "14:14:16", "", "14:14:19", in, by_system, 3, 3, 0, 0},
        {3171756862, "14:13:56", "14:14:04", "14:14:07", in, by_b, 11, 8, 3, 2},
        {7291666691949541221, "14:13:31", "14:13:36", "14:13:43", out, by_a, 12, 5, 7, 6},
        {3991933534187108144, "14:08:37", "14:08:41", "14:08:45", out, by_a, 8, 4, 4, 3},
        {1661436472, "14:07:56", "14:07:59", "14:08:15", in, by_system, 19, 3, 16, 15},
    };
    return calls;
}

inline Time documented_time(const std::string& clock, int milliseconds) {
    return *parse_date_time("2020/12/10 " + clock, '/') + Milliseconds{milliseconds};
}

inline call::LegFactsPtr documented_party(const std::string& number, call::Direction direction) {
    auto facts = std::make_shared<call::LegFacts>();
    facts->domain = "demo.local";
    facts->number = number;
    facts->operator_id = number == "102" ? number : "";
    facts->direction = direction;
    facts->remote_number = number == "102" ? "101" : "102";
    facts->remote_display_name = number == "102" ? "................ 1" : "";
    return facts;
}

/// The events of the call: 102 is the operator whose history is documented, 101 the other.
inline std::vector<call::Event> events_of(const Documented& record, std::uint64_t number) {
    using namespace call;
    using enum LegState;
    std::vector<Event> events;
    const LegId own{2 * number}, other{2 * number + 1};
    const auto add = [&](Time at, LegId leg, LegState state, EventBody body) {
        Event event;
        event.sequence = static_cast<std::uint32_t>(events.size() + 1);
        event.at = at;
        event.call = CallRef{record.call_ref};
        event.leg = leg;
        event.state = state;
        event.body = std::move(body);
        events.push_back(std::move(event));
    };
    const auto start = documented_time(record.start, 250);
    add(start, own, initiating, LegStarted{documented_party("102", record.direction), {}, {}});
    add(start, other, initiating,
        LegStarted{
            documented_party("101", record.direction == Direction::in ? Direction::out : Direction::in),
            {},
            {}});
    for (const auto leg : {own, other}) add(start + Milliseconds{80}, leg, alerting, LegAlerting{});
    if (!record.answer.empty())
        for (const auto leg : {other, own})
            add(documented_time(record.answer, 500), leg, connected, LegConnected{});
    // Within its second the release comes before or after the answer: that makes the odd second.
    const auto release = documented_time(record.release, record.duration < record.talk ? 100 : 900);
    const bool own_is_a = record.direction == Direction::out;
    const bool own_hung_up = record.released_by == (own_is_a ? ReleasedBy::a : ReleasedBy::b);
    auto for_own = causes::hung_up, for_other = passed_on(causes::hung_up);
    if (record.released_by == ReleasedBy::system) {
        for_own = for_other = record.answer.empty() ? causes::no_answer : causes::transferred;
    } else if (!own_hung_up) {
        std::swap(for_own, for_other);
    }
    add(release, own, ended, LegEnded{for_own});
    add(release, other, ended, LegEnded{for_other});
    add(release, {}, idle, CallEnded{for_own});
    return events;
}

/// Folds the events of all the calls and writes their CDRs, as the history does.
inline Result<Done> write_documented(Store& store) {
    Fold fold;
    std::vector<Cdr> records;
    std::uint64_t offset = 0, number = 0;
    const auto& calls = documented_calls();
    for (auto call = calls.rbegin(); call != calls.rend(); ++call) {
        for (auto& event : events_of(*call, ++number)) {
            event.offset = ++offset;
            if (auto cdr = fold.take(event)) records.push_back(std::move(*cdr));
        }
    }
    return store.write(records, fold.checkpoint());
}

}  // namespace patchbay::history
