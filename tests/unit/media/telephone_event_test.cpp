#include "media/telephone_event.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace patchbay::media {
namespace {

TEST(TelephoneEvent, reads_what_it_writes) {
    const auto payload = build_telephone_event({.event = 11, .end = true, .volume = 7, .duration = 800});
    const auto read = parse_telephone_event(payload);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->event, 11);
    EXPECT_TRUE(read->end);
    EXPECT_EQ(read->volume, 7);
    EXPECT_EQ(read->duration, 800);
    EXPECT_FALSE(parse_telephone_event(std::span(payload).first(3)));
}

TEST(TelephoneEvent, names_every_digit) {
    for (const char digit : {'0', '9', '*', '#', 'A', 'D'}) EXPECT_EQ(digit_of(*event_of(digit)), digit);
    EXPECT_EQ(event_of('b'), event_of('B'));
    EXPECT_EQ(event_of('E'), std::nullopt);
    EXPECT_EQ(digit_of(16), std::nullopt);
}

TEST(TelephoneEvent, has_its_duration_in_any_clock) {
    const TelephoneEvent event{.event = 1, .duration = 800};
    EXPECT_EQ(event.with_clock(8000, 48000).duration, 4800);
    EXPECT_EQ(event.with_clock(8000, 48000).with_clock(48000, 8000).duration, 800);
    EXPECT_EQ((TelephoneEvent{.duration = 20000}.with_clock(8000, 48000).duration), 0xFFFF);
}

TEST(DigitReader, tells_each_event_once_whatever_of_it_is_lost) {
    DigitReader reader;
    EXPECT_TRUE(reader.begins({.event = 5}, 1000, 1));
    EXPECT_FALSE(reader.begins({.event = 5, .end = true}, 1000, 1));
    EXPECT_FALSE(reader.begins({.event = 5, .end = true}, 1000, 1));
    EXPECT_TRUE(reader.begins({.event = 5, .end = true}, 2000, 1)) << "its begin was lost";
    EXPECT_FALSE(reader.begins({.event = 5, .end = true}, 1000, 1)) << "it was overtaken";
    EXPECT_TRUE(reader.begins({.event = 5}, 1000, 2)) << "another stream";
}

TEST(DigitReader, takes_a_press_of_several_events_for_one) {
    DigitReader reader;
    EXPECT_TRUE(reader.begins({.event = 5}, 1000, 1));
    EXPECT_FALSE(reader.begins({.event = 5, .duration = 0xFFFF}, 1000, 1));
    EXPECT_FALSE(reader.begins({.event = 5, .duration = 960}, 1000 + 0xFFFF, 1));
    EXPECT_FALSE(reader.begins({.event = 5, .end = true, .duration = 1920}, 1000 + 0xFFFF, 1));
    EXPECT_TRUE(reader.begins({.event = 5, .duration = 160}, 1000 + 0xFFFF + 1920, 1)) << "the key came up";
}

}  // namespace
}  // namespace patchbay::media
