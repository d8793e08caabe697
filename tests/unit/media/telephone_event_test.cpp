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

TEST(DigitReader, gives_each_digit_once_at_its_end) {
    DigitReader reader;
    EXPECT_EQ(reader.take({.event = 5}, 1000), std::nullopt);
    EXPECT_EQ(reader.take({.event = 5, .end = true}, 1000), '5');
    EXPECT_EQ(reader.take({.event = 5, .end = true}, 1000), std::nullopt);
    EXPECT_EQ(reader.take({.event = 5, .end = true}, 2000), '5');
}

}  // namespace
}  // namespace patchbay::media
