// What each leg hears, with real sockets: every row of the hearing by its tones.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

#include "phones.hpp"

namespace patchbay::media {
namespace {

using call::Sound;
using testing::all_tones;
using testing::Desk;
using testing::Phone;

const double A = all_tones[0], B = all_tones[1], S = all_tones[2];

/// Sequence numbers without a gap, timestamps that never go back, one SSRC: one stream, as its ear sees it.
void expect_one_stream(const Phone& phone) {
    ASSERT_FALSE(phone.headers.empty());
    for (std::size_t i = 1; i < phone.headers.size(); ++i) {
        const RtpHeader &before = phone.headers[i - 1], &now = phone.headers[i];
        EXPECT_EQ(now.ssrc, before.ssrc);
        EXPECT_EQ(sequence_distance(before.sequence, now.sequence), 1) << i;
        const auto step = static_cast<std::int32_t>(now.timestamp - before.timestamp);
        EXPECT_GT(step, 0) << i;
        EXPECT_LT(step, 8 * 500) << i;
    }
}

TEST(Hearing, two_phones_hear_each_other) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A}); }));
    EXPECT_NEAR(desk.phone(a).level(B), -14, 1.5);
    expect_one_stream(desk.phone(a));
}

TEST(Hearing, relay_keeps_the_gaps_of_lost_packets) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).headers.size() > 3; }));
    desk.phone(a).talking = false;
    desk.talk(3);
    desk.phone(b).forget();
    desk.phone(a).talking = true;
    desk.talk(2);
    desk.phone(a).sequence = static_cast<std::uint16_t>(desk.phone(a).sequence + 2);
    ASSERT_TRUE(desk.until([&] { return desk.phone(b).headers.size() >= 4; }));
    const auto& headers = desk.phone(b).headers;
    EXPECT_TRUE(std::ranges::adjacent_find(headers, [](const RtpHeader& one, const RtpHeader& next) {
                    return sequence_distance(one.sequence, next.sequence) == 3;
                }) != headers.end());
}

TEST(Hearing, phones_of_different_laws_hear_each_other_as_loud) {
    Desk desk;
    const LegId a = desk.add(0, Codec::pcma), b = desk.add(1, Codec::pcmu);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A}); }));
    EXPECT_NEAR(desk.phone(a).level(B), -14, 1.5);
    EXPECT_NEAR(desk.phone(b).level(A), -14, 1.5);
    EXPECT_EQ(desk.phone(b).headers.back().payload_type, 0);
}

TEST(Hearing, hold_plays_music_and_retrieve_goes_on_in_the_same_stream) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}); }));
    desk.engine->hear({{a, {Sound::music}}, {b, {}}});
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_music() && desk.phone(b).hears_silence(); }));
    desk.join(a, b);
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A}); }));
    expect_one_stream(desk.phone(a));
    expect_one_stream(desk.phone(b));
}

TEST(Hearing, transfer_joins_another_source_in_the_same_stream) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1), s = desk.add(2);
    desk.phone(s).sequence = 60000;
    desk.phone(s).timestamp = 0xFFFFFF00;
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}); }));
    desk.join(a, s);
    desk.engine->close(b);
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_only({S}) && desk.phone(s).hears_only({A}); }));
    expect_one_stream(desk.phone(a));
}

TEST(Hearing, three_in_conference_hear_the_two_others) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1, Codec::pcmu), s = desk.add(2);
    desk.engine->hear({{a, {b, s}}, {b, {a, s}}, {s, {a, b}}});
    EXPECT_TRUE(desk.until([&] {
        return desk.phone(a).hears_only({B, S}) && desk.phone(b).hears_only({A, S}) &&
               desk.phone(s).hears_only({A, B});
    }));
    EXPECT_TRUE(desk.until([&] { return std::abs(desk.phone(a).level(S) + 14) < 1.5; }));
    expect_one_stream(desk.phone(b));
}

TEST(Hearing, consulted_operator_hears_two_and_the_customer_only_the_operator) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1), s = desk.add(2);
    desk.engine->hear({{a, {b}}, {b, {a, s}}, {s, {a, b}}});
    EXPECT_TRUE(desk.until([&] {
        return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A, S}) &&
               desk.phone(s).hears_only({A, B});
    }));
}

TEST(Hearing, observer_is_heard_by_nobody_and_leaves_unnoticed) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1), s = desk.add(2);
    desk.engine->hear({{a, {b}}, {b, {a}}, {s, {a, b}}});
    EXPECT_TRUE(desk.until([&] {
        return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A}) &&
               desk.phone(s).hears_only({A, B});
    }));
    desk.engine->close(s);
    desk.phone(a).forget();
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}); }));
    expect_one_stream(desk.phone(a));
}

TEST(Hearing, ringback_begins_with_its_tone) {
    Desk desk;
    const LegId a = desk.add(0);
    desk.engine->hear({{a, {Sound::ringback}}});
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).samples.size() >= 800; }));
    desk.phone(a).samples.resize(800);  // on a slow machine, the pause after the tone has come as well
    EXPECT_NEAR(desk.phone(a).level(425), -16, 2);
}

TEST(Hearing, leg_and_music_are_summed) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.engine->hear({{a, {b, Sound::ringback}}, {b, {a}}});
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(a).level(425) > -20; }));
}

TEST(Hearing, longer_packets_are_made_when_the_phone_wants_them) {
    Desk desk;
    const LegId a = desk.add_unconnected(0);
    desk.phone(a).format.ptime = 60;
    desk.connect(a);
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).headers.size() >= 4; }));
    const Phone& phone = desk.phone(a);
    EXPECT_EQ(phone.samples.size(), phone.headers.size() * 480);
    EXPECT_EQ(phone.headers[2].timestamp - phone.headers[1].timestamp, 480U);
}

TEST(Hearing, phone_that_is_not_connected_gets_and_gives_nothing) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add_unconnected(1);
    desk.join(a, b);
    desk.talk(15);
    EXPECT_TRUE(desk.phone(a).headers.empty());
    EXPECT_TRUE(desk.phone(b).headers.empty());
    desk.connect(b);
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A}); }));
}

TEST(Hearing, directions_of_the_sdp_are_kept) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A}); }));
    Remote silent = desk.phone(b).remote();
    silent.send = false;
    desk.engine->connect(b, silent);
    desk.talk(3);
    desk.phone(b).forget();
    desk.talk(10);
    EXPECT_TRUE(desk.phone(b).headers.empty());
    EXPECT_TRUE(desk.phone(a).hears_only({B}));

    Remote mute = desk.phone(b).remote();
    mute.receive = false;
    desk.engine->connect(b, mute);
    desk.talk(3);
    desk.phone(a).forget();
    EXPECT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
    EXPECT_TRUE(desk.phone(a).headers.empty());
}

TEST(Hearing, legs_of_several_threads_come_together) {
    config::Media settings = Desk::default_settings();
    settings.threads = 3;
    Desk desk(settings);
    const LegId a = desk.add(0), b = desk.add(1), s = desk.add(2), t = desk.add(3);
    desk.join(a, b);
    desk.join(s, t);
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(t).hears_only({S}); }));
    desk.engine->hear({{a, {b, s, t}}, {b, {a, s, t}}, {s, {a, b, t}}, {t, {a, b, s}}});
    EXPECT_TRUE(desk.until([&] {
        return desk.phone(a).hears_only({B, S, all_tones[3]}) && desk.phone(t).hears_only({A, B, S});
    }));
    desk.join(a, t);
    desk.join(b, s);
    EXPECT_TRUE(desk.until([&] { return desk.phone(t).hears_only({A}) && desk.phone(s).hears_only({B}); }));
    expect_one_stream(desk.phone(a));
}

TEST(Hearing, whom_a_fax_left_comes_together_with_others) {
    namespace fs = std::filesystem;
    config::Media settings = Desk::default_settings();
    settings.threads = 3;
    settings.faxes = fs::temp_directory_path() / ("patchbay-faxes-" + std::to_string(::getpid()));
    {
        Desk desk(settings);
        const LegId a = desk.add(0), fax = desk.add(1), s = desk.add(2);
        desk.join(a, fax);
        ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}); }));
        EXPECT_TRUE(desk.engine->receive_fax(fax, {}));
        desk.join(s, a);
        EXPECT_TRUE(
            desk.until([&] { return desk.phone(s).hears_only({A}) && desk.phone(a).hears_only({S}); }));
        desk.engine->hear({{a, {s, fax}}, {fax, {a}}});
        desk.phone(a).forget();
        EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_only({S}); }));
    }
    fs::remove_all(settings.faxes);
}

}  // namespace
}  // namespace patchbay::media
