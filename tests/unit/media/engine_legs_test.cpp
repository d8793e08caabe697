// Legs come and go, fall silent, and press keys.
#include <algorithm>

#include <dirent.h>
#include <gmock/gmock.h>

#include "phones.hpp"

namespace patchbay::media {
namespace {

using testing::all_tones;
using testing::Desk;
using ::testing::ElementsAre;
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

TEST(Legs, unknown_ones_are_ignored) {
    Desk desk;
    const LegId a = desk.add(0), ghost{77};
    desk.engine->hear({{a, {ghost}}, {ghost, {a}}});
    desk.engine->connect(ghost, {});
    desk.engine->close(ghost);
    desk.engine->send_dtmf(ghost, '1');
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
    desk.engine->send_dtmf(b, '1');
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
    desk.engine->send_dtmf(b, '4');
    desk.engine->send_dtmf(b, '2');
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

}  // namespace
}  // namespace patchbay::media
