#include "media/sound.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <gmock/gmock.h>
#include <sndfile.h>

#include "media/g711.hpp"
#include "media/tone.hpp"

namespace patchbay::media {
namespace {

std::string temporary(const std::string& name) {
    return ::testing::TempDir() + "patchbay_" + name;
}

TEST(Music, is_never_silent_nor_too_loud) {
    const auto music = compose_music();
    EXPECT_EQ(music.size() % samples_of_frame(narrow_rate), 0U);
    for (std::size_t start = 0; start + 4000 <= music.size(); start += 4000) {
        const double level = loudness(std::span(music).subspan(start, 4000));
        EXPECT_GT(level, -30) << start;
        EXPECT_LT(level, -8) << start;
    }
    EXPECT_LT(*std::ranges::max_element(music), 20000);
}

TEST(Music, repeats_without_a_click) {
    const auto music = compose_music();
    int largest_step = 0;
    for (std::size_t i = 1; i < music.size(); ++i) {
        largest_step = std::max(largest_step, std::abs(music[i] - music[i - 1]));
    }
    EXPECT_LE(std::abs(music.front() - music.back()), largest_step);
}

TEST(Music, leaves_the_upper_tones_to_others) {
    const auto music = compose_music();
    for (std::size_t start = 0; start + 800 <= music.size(); start += 800) {
        for (const double hertz : {1500, 1900, 2300, 2700}) {
            EXPECT_LT(tone_level(std::span(music).subspan(start, 800), hertz), -50);
        }
    }
}

TEST(Ringback, is_a_second_of_tone_and_four_of_silence) {
    const auto ringback = compose_ringback("ru");
    ASSERT_EQ(ringback.size(), 40000U);
    EXPECT_NEAR(tone_level(std::span(ringback).first(8000), 425), -16, 0.2);
    EXPECT_EQ(loudness(std::span(ringback).subspan(8000)), -120);
}

TEST(Ringback, of_every_country_in_the_settings_is_known) {
    for (const std::string& country : config::ringback_countries()) {
        const auto ringback = compose_ringback(country);
        EXPECT_GT(loudness(std::span(ringback).first(3200)), -22) << country;
        EXPECT_EQ(loudness(std::span(ringback).last(8000)), -120) << country;
    }
    const auto american = compose_ringback("us"), german = compose_ringback("de");
    EXPECT_NEAR(tone_level(std::span(american).first(8000), 480), -19, 0.3);
    EXPECT_LT(tone_level(std::span(german).first(8000), 480), -60);
}

TEST(Sounds, a_broken_file_is_left_out_and_the_others_are_there) {
    const std::string path = temporary("broken.wav");
    std::ofstream(path) << "no sound at all";
    config::Media settings;
    settings.sounds = {{"broken", path}, {"gone", "/nowhere/x.wav"}};
    const Sounds sounds(settings);
    EXPECT_EQ(sounds.find("broken"), nullptr);
    EXPECT_EQ(sounds.find("gone"), nullptr);
    EXPECT_NE(sounds.find(call::Sound::ringback), nullptr);
    EXPECT_NE(sounds.find("ringback.gb"), nullptr);
    std::filesystem::remove(path);
}

TEST(Loop, comes_round_in_whole_frames) {
    std::vector<std::int16_t> samples(400, 5);
    samples[0] = 1000;
    const Loop loop({samples, {}});
    EXPECT_EQ(loop.frames(), 2U);
    EXPECT_EQ(loop.frame(0, narrow_rate)[0], 1000);
    EXPECT_EQ(loop.frame(2, narrow_rate)[0], 1000);
    EXPECT_EQ(loop.frame(3, narrow_rate)[0], 5);
    EXPECT_EQ(loop.encoded(Codec::pcmu, 2)[0], encode(Codec::pcmu, 1000));
    EXPECT_EQ(Loop(Recording{}).frames(), 1U);
}

TEST(SoundFile, of_two_channels_and_another_rate_becomes_ours) {
    const std::string path = temporary("stereo.wav");
    std::vector<float> samples(2 * 44100);
    for (std::size_t i = 0; i < 44100; ++i) {
        const double angle = 2 * 3.14159265358979 * 1000 * static_cast<double>(i) / 44100;
        samples[2 * i] = samples[2 * i + 1] = static_cast<float>(0.25 * std::sin(angle));
    }
    SF_INFO info{};
    info.samplerate = 44100;
    info.channels = 2;
    info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    ASSERT_NE(file, nullptr);
    sf_writef_float(file, samples.data(), 44100);
    sf_close(file);

    const auto audio = read_sound_file(path);
    EXPECT_NEAR(static_cast<double>(audio.narrow.size()), 8000, 100);
    EXPECT_NEAR(static_cast<double>(audio.wide.size()), 16000, 100);
    EXPECT_NEAR(tone_level(std::span(audio.narrow).subspan(2000, 800), 1000), -12, 0.3);
    // The detector thinks in 8 kHz: at 16 the same tone seems half as high.
    EXPECT_NEAR(tone_level(std::span(audio.wide).subspan(4000, 800), 500), -12, 0.3);
    std::filesystem::remove(path);
}

TEST(SoundFile, that_cannot_be_read_is_named_in_the_error) {
    EXPECT_THROW(read_sound_file("/nowhere/music.wav"), std::runtime_error);
    const std::string path = temporary("text.wav");
    std::ofstream(path) << "no sound at all";
    try {
        read_sound_file(path);
        FAIL() << "it was read";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), ::testing::HasSubstr(path));
    }
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace patchbay::media
