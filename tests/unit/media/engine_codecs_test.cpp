// Legs of unlike codecs in one call, with real sockets.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "phones.hpp"

namespace patchbay::media {
namespace {

using call::Sound;
using testing::all_tones;
using testing::Desk;

const double A = all_tones[0], B = all_tones[1], S = all_tones[2];

struct Pair {
    Codec a, b;
};

class Between : public ::testing::TestWithParam<Pair> {};

std::vector<Pair> pairs() {
    std::vector<Pair> all;
    const std::vector codecs{Codec::pcma, Codec::pcmu, Codec::g722, Codec::opus, Codec::l16};
    for (std::size_t i = 0; i < codecs.size(); ++i)
        for (std::size_t j = i; j < codecs.size(); ++j) all.push_back({codecs[i], codecs[j]});
    return all;
}

INSTANTIATE_TEST_SUITE_P(EachPair, Between, ::testing::ValuesIn(pairs()), [](const auto& pair) {
    return std::string(name(pair.param.a)) + "And" + std::string(name(pair.param.b));
});

TEST_P(Between, each_hears_the_other_as_loud_as_it_speaks) {
    Desk desk;
    const LegId a = desk.add(0, GetParam().a), b = desk.add(1, GetParam().b);
    desk.join(a, b);
    EXPECT_TRUE(desk.until([&] { return std::abs(desk.phone(a).level(B) + 14) < 1.5; }));
    EXPECT_TRUE(desk.until([&] { return std::abs(desk.phone(b).level(A) + 14) < 1.5; }));
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A}); }));
}

TEST(Codecs, all_of_them_confer) {
    Desk desk;
    const LegId a = desk.add(0, Codec::opus), b = desk.add(1, Codec::g722), s = desk.add(2, Codec::pcma),
                t = desk.add(3, Codec::opus);
    desk.engine->hear({{a, {b, s, t}}, {b, {a, s, t}}, {s, {a, b, t}}, {t, {a, b, s}}});
    EXPECT_TRUE(desk.until([&] {
        return desk.phone(a).hears_only({B, S, all_tones[3]}) &&
               desk.phone(b).hears_only({A, S, all_tones[3]}) &&
               desk.phone(s).hears_only({A, B, all_tones[3]}) && desk.phone(t).hears_only({A, B, S});
    }));
}

TEST(Codecs, music_reaches_every_codec) {
    Desk desk;
    for (const Codec codec : {Codec::g722, Codec::opus, Codec::l16}) {
        const LegId leg = desk.add(0, codec);
        desk.engine->hear({{leg, {Sound::music}}});
        EXPECT_TRUE(desk.until([&] { return desk.phone(leg).hears_music(); })) << name(codec);
    }
}

TEST(Codecs, a_leg_changes_its_codec_and_is_heard_on) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
    for (const Codec codec : {Codec::opus, Codec::g722, Codec::pcmu}) {
        desk.phone(a).speak(codec);
        desk.connect(a);
        desk.phone(a).forget();
        desk.phone(b).forget();
        EXPECT_TRUE(desk.until([&] {
            return desk.phone(b).hears_only({A}) && desk.phone(a).hears_only({B});
        })) << name(codec);
    }
}

TEST(Codecs, packets_under_way_while_the_codec_changes_are_heard) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1, Codec::g722);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
    const std::uint64_t refused = desk.engine->statistics(a).refused;
    Remote changed = desk.phone(a).remote();  // it does not know yet
    changed.format.codec = Codec::opus;
    changed.format.payload_type = 111;
    changed.format.clock_rate = 48000;
    desk.engine->connect(a, changed);
    desk.phone(b).forget();
    EXPECT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
    EXPECT_EQ(desk.engine->statistics(a).refused, refused);
    desk.phone(a).speak(Codec::opus);
    desk.phone(b).forget();
    EXPECT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
    desk.phone(a).speak(Codec::pcma);
    EXPECT_TRUE(desk.until([&] { return desk.engine->statistics(a).refused > refused; })) << "it did change";
}

/// Comfort noise of a phone that has stopped talking: so many dB below the loudest (RFC 3389).
void send_noise(Desk& desk, LegId leg, std::uint8_t level) {
    testing::Phone& phone = desk.phone(leg);
    std::vector<std::uint8_t> packet(rtp_header_size);
    write_rtp_header(
        {.payload_type = 13, .sequence = phone.sequence++, .timestamp = phone.timestamp, .ssrc = phone.ssrc},
        packet.data());
    packet.push_back(level);
    phone.send_bytes(packet, desk.port_of(leg));
}

TEST(Codecs, comfort_noise_is_passed_on_to_who_knows_it) {
    Desk desk;
    const LegId a = desk.add_unconnected(0), b = desk.add_unconnected(1);
    desk.phone(a).format.comfort_noise = desk.phone(b).format.comfort_noise = 13;
    desk.connect(a);
    desk.connect(b);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
    desk.phone(a).talking = false;
    send_noise(desk, a, 45);
    EXPECT_TRUE(desk.until([&] {
        return !desk.phone(b).headers.empty() && desk.phone(b).headers.back().payload_type == 13;
    })) << "and nothing after it";
}

TEST(Codecs, comfort_noise_is_made_for_who_does_not_know_it) {
    for (const Codec codec : {Codec::pcma, Codec::g722}) {
        Desk desk;
        const LegId a = desk.add_unconnected(0, codec), b = desk.add(1, codec);
        desk.phone(a).format.comfort_noise = 13;
        desk.connect(a);
        desk.join(a, b);
        ASSERT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
        desk.phone(a).talking = false;
        send_noise(desk, a, 45);  // one packet has to do for seconds
        const auto noise = [&] {
            const auto& samples = desk.phone(b).samples;
            return samples.size() >= 1600 && std::abs(loudness(std::span(samples).last(1600)) + 43) < 5 &&
                   desk.phone(b).level(A) < -50;
        };
        EXPECT_TRUE(desk.until(noise)) << name(codec);
        desk.phone(b).forget();
        EXPECT_TRUE(desk.until(noise)) << name(codec) << ": it goes on";
        desk.phone(a).talking = true;
        EXPECT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); })) << name(codec);
    }
}

TEST(Codecs, a_leg_turned_down_is_softer_to_others) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    auto turned = desk.phone(a).remote();
    turned.gain = -12;
    desk.engine->connect(a, turned);
    EXPECT_TRUE(desk.until([&] { return std::abs(desk.phone(b).level(A) + 26) < 1.5; }));
    turned.gain = 6;
    desk.engine->connect(a, turned);
    EXPECT_TRUE(desk.until([&] { return std::abs(desk.phone(b).level(A) + 8) < 1.5; }));
    turned.gain = 0;
    desk.engine->connect(a, turned);
    EXPECT_TRUE(desk.until([&] { return std::abs(desk.phone(b).level(A) + 14) < 1.5; }));
}

TEST(Codecs, packets_of_forty_and_sixty_milliseconds_are_sent_when_asked_for) {
    for (const Codec codec : {Codec::pcma, Codec::opus}) {
        Desk desk;
        const LegId a = desk.add_unconnected(0, codec), b = desk.add(1, Codec::g722);
        desk.phone(a).format.ptime = 60;
        desk.connect(a);
        desk.join(a, b);
        const auto& headers = desk.phone(a).headers;
        ASSERT_TRUE(desk.until([&] { return headers.size() >= 4 && desk.phone(a).hears_only({B}); }))
            << name(codec);
        auto step = headers.back().timestamp - headers[headers.size() - 2].timestamp;
        for (std::size_t i = headers.size() - 3; i < headers.size() - 1;
             ++i)  // one left out on a slow machine
            step = std::min(step, headers[i].timestamp - headers[i - 1].timestamp);
        EXPECT_EQ(step, static_cast<std::uint32_t>(clock_rate(codec) * 60 / 1000)) << name(codec);
    }
}

}  // namespace
}  // namespace patchbay::media
