#include "media/g711.hpp"

#include <cmath>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "media/tone.hpp"

namespace patchbay::media {
namespace {

class G711 : public ::testing::TestWithParam<Codec> {};
INSTANTIATE_TEST_SUITE_P(BothLaws, G711, ::testing::Values(Codec::pcma, Codec::pcmu),
                         [](const auto& law) { return std::string(name(law.param)); });

TEST_P(G711, every_byte_survives_decoding_and_encoding) {
    for (int byte = 0; byte < 256; ++byte) {
        const auto coded = static_cast<std::uint8_t>(byte);
        const bool negative_zero = GetParam() == Codec::pcmu && byte == 0x7F;
        EXPECT_EQ(encode(GetParam(), decode(GetParam(), coded)), negative_zero ? 0xFF : coded);
    }
}

TEST_P(G711, error_stays_within_half_a_step) {
    for (int sample = -32768; sample < 32768; ++sample) {
        const int heard = decode(GetParam(), encode(GetParam(), static_cast<std::int16_t>(sample)));
        EXPECT_LE(std::abs(heard - sample), 16 + std::abs(sample) / 31) << sample;
    }
}

TEST(G711Tables, agree_with_the_recommendation) {
    EXPECT_EQ(silence(Codec::pcma), 0xD5);
    EXPECT_EQ(silence(Codec::pcmu), 0xFF);
    EXPECT_EQ(decode(Codec::pcma, 0xAA), 32256);  // 4032 of 13 bits, the largest
    EXPECT_EQ(decode(Codec::pcma, 0x2A), -32256);
    EXPECT_EQ(decode(Codec::pcmu, 0x80), 32124);  // 8031 of 14 bits, the largest
    EXPECT_EQ(decode(Codec::pcmu, 0x00), -32124);
    EXPECT_EQ(encode(Codec::pcma, 32767), 0xAA);
    EXPECT_EQ(encode(Codec::pcmu, -32768), 0x00);
}

TEST(G711Recoding, keeps_the_level_of_a_tone) {
    std::vector<std::int16_t> samples(800), heard(800);
    Tone(440, -18).fill(samples);
    for (const auto& [from, to] :
         {std::pair(Codec::pcma, Codec::pcmu), std::pair(Codec::pcmu, Codec::pcma)}) {
        for (std::size_t i = 0; i < samples.size(); ++i) {
            heard[i] = decode(to, recoding(from, to)[encode(from, samples[i])]);
        }
        EXPECT_NEAR(tone_level(heard, 440), -18, 0.2);
    }
}

TEST(CodecNames, are_those_of_rfc_3551_in_any_case) {
    EXPECT_EQ(codec_named("pcma"), Codec::pcma);
    EXPECT_EQ(codec_named("PCMU"), Codec::pcmu);
    EXPECT_EQ(codec_named("speex"), std::nullopt);
    EXPECT_EQ(name(Codec::pcmu), "PCMU");
}

}  // namespace
}  // namespace patchbay::media
