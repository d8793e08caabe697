// Numbers said with the sounds there are.
#include "config/announcing.hpp"

#include <gtest/gtest.h>

namespace patchbay::config {
namespace {

using Names = std::vector<std::string>;

SoundFiles sounds_of(std::initializer_list<int> numbers) {
    SoundFiles sounds;
    for (const int number : numbers) sounds["number." + std::to_string(number)] = "file.wav";
    return sounds;
}

const auto digits = sounds_of({0, 1, 2, 3, 4, 5, 6, 7, 8, 9});

TEST(SpokenNumber, HasItsOwnSoundWhereThereIsOne) {
    auto sounds = digits;
    sounds["number.37"] = "file.wav";
    EXPECT_EQ(spoken_number(37, sounds), Names{"number.37"});
    EXPECT_EQ(spoken_number(4, sounds), Names{"number.4"});
}

TEST(SpokenNumber, IsPutTogetherOfTensAndUnits) {
    auto sounds = sounds_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 20, 30, 100});
    EXPECT_EQ(spoken_number(37, sounds), (Names{"number.30", "number.7"}));
    EXPECT_EQ(spoken_number(30, sounds), Names{"number.30"});
    EXPECT_EQ(spoken_number(13, sounds), Names{"number.13"});
    EXPECT_EQ(spoken_number(137, sounds), (Names{"number.100", "number.30", "number.7"}));
    EXPECT_EQ(spoken_number(113, sounds), (Names{"number.100", "number.13"}));
}

TEST(SpokenNumber, IsItsDigitsWhereThereIsNothingElse) {
    EXPECT_EQ(spoken_number(37, digits), (Names{"number.3", "number.7"}));
    EXPECT_EQ(spoken_number(100, digits), (Names{"number.1", "number.0", "number.0"}));
    EXPECT_EQ(spoken_number(1205, digits), (Names{"number.1", "number.2", "number.0", "number.5"}));
}

TEST(SpokenNumber, IsNothingWhereAPartIsMissing) {
    EXPECT_EQ(spoken_number(37, sounds_of({30, 3})), Names{});
    EXPECT_EQ(spoken_number(10, sounds_of({1, 2})), Names{});
    EXPECT_EQ(spoken_number(1, {}), Names{});
}

}  // namespace
}  // namespace patchbay::config
