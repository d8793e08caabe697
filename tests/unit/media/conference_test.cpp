// The largest call there is: 64 legs.
#include <gtest/gtest.h>

#include "phones.hpp"

namespace patchbay::media {
namespace {

using testing::all_tones;
using testing::Desk;
using testing::metric;

constexpr std::uint64_t legs = 64;

/// Everybody up to that leg hears all others.
call::Hearing talk_of(std::uint64_t last) {
    call::Hearing rows;
    for (std::uint64_t ear = 1; ear <= last; ++ear) {
        call::HearingRow row{LegId{ear}, {}};
        for (std::uint64_t other = 1; other <= last; ++other)
            if (other != ear) row.sources.emplace_back(LegId{other});
        rows.push_back(std::move(row));
    }
    return rows;
}

TEST(Conference, of_64_is_heard_by_all_and_changes_without_a_gap) {
    Desk desk;
    for (std::uint64_t i = 0; i < legs; ++i) desk.add(i % all_tones.size());
    desk.engine->hear(talk_of(legs - 1));
    for (const std::uint64_t leg : {std::uint64_t{1}, legs / 2, legs - 1})
        ASSERT_TRUE(desk.until([&] { return desk.phone(LegId{leg}).hears_only(all_tones); })) << leg;

    desk.talk(15);  // so that ticks of before are counted
    const double late = metric("patchbay_media_ticks_late_total");
    desk.phone(LegId{1}).forget();
    for (int change = 0; change < 5; ++change) {
        desk.engine->hear(talk_of(legs));  // one more
        desk.talk(4);
        call::Hearing fewer = talk_of(legs - 1);
        fewer.push_back({LegId{legs}, {}});
        desk.engine->hear(fewer);
        desk.talk(4);
    }
    ASSERT_TRUE(desk.until([&] { return desk.phone(LegId{1}).headers.size() > 40; }));
    desk.talk(15);
    const double skipped = metric("patchbay_media_ticks_late_total") - late;
    const auto& headers = desk.phone(LegId{1}).headers;
    std::uint32_t missing = 0;
    for (std::size_t i = 1; i < headers.size(); ++i) {
        EXPECT_EQ(sequence_distance(headers[i - 1].sequence, headers[i].sequence), 1);
        missing += headers[i].timestamp - headers[i - 1].timestamp - 160;
    }
    EXPECT_LE(missing / 160, skipped) << "only a machine too busy for its ticks may leave some out";
    EXPECT_TRUE(desk.phone(LegId{1}).hears_only(all_tones));
}

}  // namespace
}  // namespace patchbay::media
