// Legs come and go, fall silent, and press keys.
#include <algorithm>

#include <dirent.h>
#include <gmock/gmock.h>

#include "media/g711.hpp"
#include "media/telephone_event.hpp"
#include "media/tone_reader.hpp"
#include "media/tone_sender.hpp"
#include "phones.hpp"

namespace patchbay::media {
namespace {

using testing::all_tones;
using testing::Desk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

const double A = all_tones[0], B = all_tones[1];

long open_descriptors() {
    long count = 0;
    DIR* folder = opendir("/proc/self/fd");
    while (readdir(folder) != nullptr) ++count;
    closedir(folder);
    return count;
}

TEST(Legs, have_even_ports_of_the_range_each_their_own) {
    config::Media settings = Desk::default_settings();
    settings.first_port = 33001;
    settings.last_port = 33009;  // pairs 33002, 33004, 33006, 33008
    Engine engine(settings, {});
    std::vector<int> ports;
    for (std::uint64_t i = 1; i <= 4; ++i) {
        ASSERT_TRUE(engine.open(LegId{i}));
        ports.push_back(engine.local(LegId{i})->port);
    }
    EXPECT_THAT(ports, UnorderedElementsAre(33002, 33004, 33006, 33008));
    EXPECT_EQ(engine.open_ports(), 4U);
    EXPECT_FALSE(engine.open(LegId{5}));
    EXPECT_EQ(engine.local(LegId{5}), std::nullopt);
}

TEST(Legs, closed_one_frees_its_port_for_the_next) {
    config::Media settings = Desk::default_settings();
    settings.first_port = 33020;
    settings.last_port = 33021;
    Desk desk(settings);
    for (std::uint64_t i = 1; i <= 100; ++i) {
        ASSERT_TRUE(desk.until([&] { return desk.engine->open(LegId{i}); }));
        desk.engine->close(LegId{i});
    }
    EXPECT_EQ(desk.engine->open_ports(), 0U);
}

TEST(Legs, late_packets_of_the_last_leg_do_not_enter_the_next) {
    config::Media settings = Desk::default_settings();
    settings.first_port = 33030;
    settings.last_port = 33033;
    Desk desk(settings);
    const LegId a = desk.add(0), old = desk.add(1);
    desk.join(a, old);
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}); }));
    desk.phones.push_back(std::make_unique<testing::Phone>(all_tones[2]));
    const auto port = desk.port_of(old);
    const LegId next{3};
    desk.engine->close(old);
    ASSERT_TRUE(desk.until([&] { return desk.engine->open(next); }));
    ASSERT_EQ(desk.port_of(next), port);
    desk.connect(next);
    desk.join(a, next);
    desk.phone(next).talking = false;
    desk.talk(2);
    desk.phone(a).forget();
    for (int i = 0; i < 10; ++i) {
        desk.phone(old).send(port);
        desk.talk(1);
    }
    EXPECT_TRUE(desk.phone(a).headers.empty());
}

TEST(Legs, leave_no_descriptor_behind) {
    { const Desk warm_up; }
    const long before = open_descriptors();
    {
        Desk desk;
        const LegId a = desk.add(0), b = desk.add(1);
        desk.join(a, b);
        ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}); }));
        desk.engine->close(a);
        EXPECT_TRUE(desk.until([&] { return desk.phone(b).headers.size() > 5; }));
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(Legs, may_be_changing_threads_when_all_ends) {
    config::Media settings = Desk::default_settings();
    settings.threads = 4;
    { const Engine warm_up(settings, {}); }
    const long before = open_descriptors();
    for (int round = 0; round < 20; ++round) {
        Engine engine(settings, {});
        call::Hearing all;
        for (std::uint64_t i = 1; i <= 12; ++i) ASSERT_TRUE(engine.open(LegId{i}));
        for (std::uint64_t i = 1; i <= 12; ++i) all.push_back({LegId{i}, {LegId{i % 12 + 1}}});
        engine.hear(all);
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(Legs, unknown_ones_are_ignored) {
    Desk desk;
    const LegId a = desk.add(0), ghost{77};
    desk.engine->hear({{a, {ghost}}, {ghost, {a}}});
    desk.engine->connect(ghost, {});
    desk.engine->close(ghost);
    desk.engine->press(ghost, '1');
    EXPECT_EQ(desk.engine->statistics(ghost).packets_sent, 0U);
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_silence(); }));
}

TEST(Legs, counts_tell_what_came_and_went) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    desk.talk(10);
    desk.phone(a).sequence = static_cast<std::uint16_t>(desk.phone(a).sequence + 5);
    desk.talk(1);
    EXPECT_TRUE(desk.until([&] {
        const Statistics counts = desk.engine->statistics(a);
        return counts.packets_received >= 11 && counts.lost == 5 && counts.packets_sent >= 10;
    }));
}

TEST(Legs, silent_phone_is_noticed_once) {
    config::Media settings = Desk::default_settings();
    settings.timeout = Seconds(1);
    Desk desk(settings);
    const LegId a = desk.add(0), silent = desk.add(1), held = desk.add(2);
    desk.phone(silent).talking = desk.phone(held).talking = false;
    Remote on_hold = desk.phone(held).remote();
    on_hold.receive = false;
    desk.engine->connect(held, on_hold);
    desk.join(a, silent);
    EXPECT_TRUE(desk.until([&] { return !desk.lost.empty(); }));
    desk.talk(30);
    EXPECT_THAT(desk.lost, ElementsAre(silent));
    desk.connect(silent);
    EXPECT_TRUE(desk.until([&] { return desk.lost.size() == 2; }));
    EXPECT_THAT(desk.lost, ElementsAre(silent, silent));
}

TEST(Digits, pass_a_relay_and_are_noticed_once) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add_unconnected(1);
    desk.phone(b).format.telephone_event = 96;
    desk.connect(b);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
    desk.phone(a).talking = false;
    for (int i = 1; i <= 6; ++i) {
        desk.phone(a).send_event('7', i > 3, static_cast<std::uint16_t>(160 * std::min(i, 4)),
                                 desk.port_of(a));
    }
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).events.size() == 6 && !desk.digits.empty(); }));
    EXPECT_THAT(desk.digits, ElementsAre(Pair(a, '7')));
    EXPECT_EQ(desk.phone(b).headers.back().payload_type, 96);
    EXPECT_EQ(desk.phone(b).headers.back().timestamp, (desk.phone(b).headers.end() - 6)->timestamp);
}

TEST(Digits, reach_those_who_hear_the_leg_in_a_mix) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1), s = desk.add(2);
    desk.engine->hear({{a, {b, s}}, {b, {a, s}}, {s, {a, b}}});
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).headers.size() > 3; }));
    for (int i = 0; i < 3; ++i) desk.phone(a).send_event('#', i > 1, 320, desk.port_of(a));
    EXPECT_TRUE(
        desk.until([&] { return desk.phone(b).events.size() == 3 && desk.phone(s).events.size() == 3; }));
    EXPECT_TRUE(desk.until([&] { return !desk.digits.empty(); }));
    EXPECT_THAT(desk.digits, ElementsAre(Pair(a, '#')));
}

TEST(Digits, are_not_sent_to_a_phone_that_did_not_agree) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add_unconnected(1);
    desk.phone(b).format.telephone_event.reset();
    desk.connect(b);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
    desk.phone(a).send_event('1', true, 320, desk.port_of(a));
    desk.engine->press(a, '2');
    EXPECT_TRUE(desk.until([&] { return !desk.digits.empty(); }));
    desk.phone(b).forget();
    desk.talk(10);
    for (const RtpHeader& header : desk.phone(b).headers) EXPECT_EQ(header.payload_type, 8);
}

TEST(Digits, of_ours_are_played_one_after_the_other) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
    desk.engine->press(a, '4');
    desk.engine->press(a, '2');
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).events.size() == 16; }));
    EXPECT_EQ(desk.phone(b).events.front()[0], 4);
    EXPECT_EQ(desk.phone(b).events.back()[0], 2);
    EXPECT_NE(desk.phone(b).events.back()[1] & 0x80, 0);
    const auto& headers = desk.phone(b).headers;
    for (std::size_t i = 1; i < headers.size(); ++i) {
        EXPECT_EQ(sequence_distance(headers[i - 1].sequence, headers[i].sequence), 1);
    }
    EXPECT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
}

/// The digits whose tones that phone heard.
std::string heard_tones(const testing::Phone& phone) {
    ToneReader reader;
    std::string digits;
    Format linear;
    std::vector<std::uint8_t> payload(phone.samples.size());
    encode(Codec::pcma, phone.samples, payload);
    for (std::size_t at = 0; at + 160 <= payload.size(); at += 160)
        digits += reader.take(linear, std::span(payload).subspan(at, 160));
    return digits;
}

/// A leg that takes and sends digits among its audio.
LegId add_with_tones(Desk& desk, std::size_t tone, Codec codec = Codec::pcma) {
    const LegId leg = desk.add_unconnected(tone, codec);
    desk.phone(leg).format.telephone_event.reset();
    Remote remote = desk.phone(leg).remote();
    remote.digits = DigitWay::tones;
    remote.hear_tones = true;
    desk.engine->connect(leg, remote);
    return leg;
}

/// The phone presses a key that makes tones, 100 ms long, and is silent after it.
void press_tones(Desk& desk, LegId leg, char digit) {
    testing::Phone& phone = desk.phone(leg);
    phone.talking = false;
    ToneSender sender(phone.format);
    for (int i = 0; i < 10; ++i) {
        const auto packet = sender.next(i < 5 ? event_of(digit) : std::nullopt, i == 0);
        write_rtp_header({false, phone.format.payload_type, phone.sequence++, phone.timestamp, phone.ssrc},
                         packet.data());
        phone.timestamp += 160;
        phone.send_bytes({packet.begin(), packet.end()}, desk.port_of(leg));
    }
}

TEST(Digits, by_event_sound_for_a_phone_that_takes_tones) {
    for (const Codec codec : {Codec::pcmu, Codec::g722}) {
        Desk desk;
        const LegId a = desk.add(0), b = add_with_tones(desk, 1, codec);
        desk.join(a, b);
        ASSERT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
        desk.phone(a).talking = false;
        desk.phone(b).forget();
        for (int i = 1; i <= 6; ++i)
            desk.phone(a).send_event('7', i > 3, static_cast<std::uint16_t>(160 * std::min(i, 4)),
                                     desk.port_of(a));
        EXPECT_TRUE(desk.until([&] { return heard_tones(desk.phone(b)) == "7"; }));
        EXPECT_TRUE(desk.phone(b).events.empty());
        EXPECT_THAT(desk.digits, ElementsAre(Pair(a, '7')));
    }
}

TEST(Digits, by_tones_become_an_event_and_are_not_heard_too) {
    Desk desk;
    const LegId a = add_with_tones(desk, 0), b = desk.add(1);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
    desk.phone(b).forget();
    press_tones(desk, a, '3');
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).events.size() == 8; }));
    EXPECT_EQ(desk.phone(b).events.front()[0], 3);
    EXPECT_EQ(heard_tones(desk.phone(b)), "");
    EXPECT_THAT(desk.digits, ElementsAre(Pair(a, '3')));
}

TEST(Digits, by_tones_go_on_as_they_are_between_phones_that_know_nothing_else) {
    for (const bool always : {false, true}) {
        auto settings = Desk::default_settings();
        settings.hear_all_digits = always;
        Desk desk(settings);
        const LegId a = add_with_tones(desk, 0), b = add_with_tones(desk, 1);
        desk.join(a, b);
        ASSERT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
        desk.phone(b).forget();
        press_tones(desk, a, '#');
        EXPECT_TRUE(desk.until([&] { return heard_tones(desk.phone(b)) == "#"; }));
        if (always) {
            EXPECT_TRUE(desk.until([&] { return !desk.digits.empty(); }));
            EXPECT_THAT(desk.digits, ElementsAre(Pair(a, '#')));
        } else {
            EXPECT_THAT(desk.digits, IsEmpty());
        }
        desk.talk(25);
        EXPECT_EQ(heard_tones(desk.phone(b)), "#") << "once";
    }
}

TEST(Digits, told_by_info_and_by_event_are_one) {
    for (const bool info_first : {true, false}) {
        Desk desk;
        const LegId a = desk.add(0), b = desk.add(1);
        desk.join(a, b);
        ASSERT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
        desk.phone(a).talking = false;
        const auto press = [&] {
            for (int i = 1; i <= 6; ++i)
                desk.phone(a).send_event('8', i > 3, static_cast<std::uint16_t>(160 * std::min(i, 4)),
                                         desk.port_of(a));
        };
        if (info_first) {
            desk.engine->press(a, '8');
            ASSERT_TRUE(desk.until([&] { return desk.phone(b).events.size() == 8; }));
            press();
        } else {
            press();
            ASSERT_TRUE(desk.until([&] { return desk.phone(b).events.size() == 6; }));
            desk.engine->press(a, '8');
        }
        desk.engine->press(a, '9');
        ASSERT_TRUE(desk.until([&] { return desk.phone(b).events.size() >= (info_first ? 16U : 14U); }));
        EXPECT_THAT(desk.digits, ElementsAre(Pair(a, '8'), Pair(a, '9')));
        EXPECT_EQ(desk.phone(b).events.size(), info_first ? 16U : 14U);
    }
}

}  // namespace
}  // namespace patchbay::media
