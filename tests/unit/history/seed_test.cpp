// The eleven calls of the documented operator_call_history answer, from their events to the queried records.
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "history/fold.hpp"
#include "history/sqlite_store.hpp"
#include "temporary_folder.hpp"
#include "unit/journal/event_makers.hpp"

namespace patchbay::history {
namespace {

using namespace call;
using enum LegState;

struct Documented {
    std::uint64_t call_ref;
    std::string start, answer, release;
    Direction direction;
    ReleasedBy released_by;
    int total, waiting, talk, duration;
};

constexpr auto in = Direction::in, out = Direction::out;
constexpr auto by_a = ReleasedBy::a, by_b = ReleasedBy::b, by_system = ReleasedBy::system;

const std::vector<Documented> documented{
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

Time time_of(const std::string& clock, int milliseconds) {
    return *parse_date_time("2020/12/10 " + clock, '/') + Milliseconds{milliseconds};
}

LegFactsPtr party(const std::string& number, Direction direction) {
    auto facts = std::make_shared<LegFacts>();
    facts->domain = "demo.local";
    facts->number = number;
    facts->operator_id = number == "102" ? number : "";
    facts->direction = direction;
    facts->remote_number = number == "102" ? "101" : "102";
    facts->remote_display_name = number == "102" ? "................ 1" : "";
    return facts;
}

// The events of the call: 102 is the operator whose history is documented, 101 the other.
std::vector<Event> events_of(const Documented& record, std::uint64_t number) {
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
    const auto start = time_of(record.start, 250);
    add(start, own, initiating, LegStarted{party("102", record.direction), {}, {}});
    add(start, other, initiating, LegStarted{party("101", record.direction == in ? out : in), {}, {}});
    for (const auto leg : {own, other}) add(start + Milliseconds{80}, leg, alerting, LegAlerting{});
    if (!record.answer.empty())
        for (const auto leg : {other, own}) add(time_of(record.answer, 500), leg, connected, LegConnected{});
    // Within its second the release comes before or after the answer: that makes the odd second.
    const auto release = time_of(record.release, record.duration < record.talk ? 100 : 900);
    const bool own_is_a = record.direction == out;
    const bool own_hung_up = record.released_by == (own_is_a ? by_a : by_b);
    auto for_own = causes::hung_up, for_other = passed_on(causes::hung_up);
    if (record.released_by == by_system) {
        for_own = for_other = record.answer.empty() ? causes::no_answer : causes::transferred;
    } else if (!own_hung_up) {
        std::swap(for_own, for_other);
    }
    add(release, own, ended, LegEnded{for_own});
    add(release, other, ended, LegEnded{for_other});
    add(release, {}, idle, CallEnded{for_own});
    return events;
}

TEST(DocumentedHistory, comes_out_of_the_events_of_its_calls) {
    testing::TemporaryFolder folder;
    SqliteStore store(folder.file("history.db"));
    Fold fold;
    std::vector<Cdr> records;
    std::uint64_t offset = 0;
    for (auto call = documented.rbegin(); call != documented.rend(); ++call) {
        for (auto event : events_of(*call, static_cast<std::uint64_t>(call - documented.rbegin()) + 1)) {
            event.offset = ++offset;
            if (auto cdr = fold.take(event)) records.push_back(std::move(*cdr));
        }
    }
    ASSERT_TRUE(store.write(records, fold.checkpoint()));

    Filter filter;
    filter.domain = "demo.local";
    filter.operator_id = "102";
    const auto page = store.query(filter);
    ASSERT_TRUE(page) << page.error().text;
    ASSERT_EQ(page->records.size(), documented.size());
    EXPECT_FALSE(page->more);
    for (std::size_t at = 0; at < documented.size(); ++at) {
        const auto& cdr = page->records[at];
        const auto& wanted = documented[at];
        EXPECT_EQ(cdr.call.text(), std::to_string(wanted.call_ref));
        EXPECT_EQ(cdr.number, "102");
        EXPECT_EQ(cdr.remote_number, "101");
        EXPECT_EQ(cdr.display_name, "");
        EXPECT_EQ(cdr.remote_display_name, "................ 1");
        EXPECT_EQ(cdr.remote_operator_id, "");
        EXPECT_EQ(cdr.queue_id, "");
        EXPECT_EQ(cdr.direction, wanted.direction);
        EXPECT_EQ(cdr.released_by, wanted.released_by) << at;
        EXPECT_EQ(date_time(cdr.started, '/'), "2020/12/10 " + wanted.start);
        EXPECT_EQ(date_time(cdr.released, '/'), "2020/12/10 " + wanted.release);
        EXPECT_EQ(cdr.is_answered() ? date_time(cdr.answered, '/') : "",
                  wanted.answer.empty() ? "" : "2020/12/10 " + wanted.answer);
        EXPECT_EQ(cdr.total().count(), wanted.total) << at;
        EXPECT_EQ(cdr.waiting().count(), wanted.waiting) << at;
        EXPECT_EQ(cdr.talk().count(), wanted.talk) << at;
        EXPECT_EQ(cdr.duration().count(), wanted.duration) << at;
    }
}

}  // namespace
}  // namespace patchbay::history
