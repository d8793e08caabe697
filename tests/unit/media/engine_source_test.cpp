// From whom the engine takes packets, with real sockets: the locked source, strangers, packets that lie.
#include <random>

#include <gtest/gtest.h>

#include "phones.hpp"

namespace patchbay::media {
namespace {

using testing::all_tones;
using testing::Desk;
using testing::metric;
using testing::Phone;

const double A = all_tones[0], B = all_tones[1];

TEST(Source, stranger_never_enters_a_locked_stream) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}); }));
    const double refused = metric("patchbay_rtp_refused_packets_total{reason=\"stranger\"}");
    Phone stranger(all_tones[3]);
    for (int i = 0; i < 30; ++i) {
        stranger.send(desk.port_of(b));
        desk.talk(1);
        EXPECT_TRUE(desk.phone(a).hears_only({B})) << i;
    }
    EXPECT_EQ(desk.engine->statistics(b).refused, 30U);
    stranger.receive();
    EXPECT_TRUE(stranger.headers.empty());
    EXPECT_TRUE(desk.until(
        [&] { return metric("patchbay_rtp_refused_packets_total{reason=\"stranger\"}") >= refused + 30; }));
}

TEST(Source, stranger_of_the_start_gives_way_to_the_phone_of_the_sdp) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    desk.phone(b).talking = false;
    Phone stranger(all_tones[3]);
    for (int i = 0; i < 10; ++i) {
        stranger.send(desk.port_of(b));
        desk.talk(1);
    }
    desk.phone(b).talking = true;
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}); }));
    desk.phone(b).forget();
    EXPECT_TRUE(desk.until([&] { return desk.phone(b).hears_only({A}); }));
}

TEST(Source, phone_behind_a_nat_is_found_by_its_packets) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.phone(b).move();
    desk.join(a, b);
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A}); }));
}

TEST(Source, without_latching_only_the_address_of_the_sdp_counts) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add_unconnected(1);
    Remote remote = desk.phone(b).remote();
    remote.latch = false;
    desk.engine->connect(b, remote);
    desk.phone(b).move();
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.engine->statistics(b).refused >= 10; }));
    EXPECT_TRUE(desk.phone(a).headers.empty());
}

TEST(Source, new_address_in_the_sdp_re_opens_the_lock) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A}); }));
    desk.phone(b).move();
    desk.connect(b);
    desk.phone(a).forget();
    desk.phone(b).forget();
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A}); }));
}

TEST(Source, packets_that_lie_disturb_nobody) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}); }));
    const std::uint64_t refused = desk.engine->statistics(b).refused;
    std::minstd_rand random(7);
    for (int i = 0; i < 20; ++i) {
        for (int j = 0; j < 20; ++j) {
            std::vector<std::uint8_t> bytes(random() % 3000);
            for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
            if (bytes.size() > 1) bytes[1] = 77;  // a payload type nobody agreed
            desk.phone(b).send_bytes(bytes, desk.port_of(b));
        }
        desk.talk(1);
    }
    ASSERT_TRUE(desk.until([&] { return desk.engine->statistics(b).refused > refused + 50; }));
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A}); }));
}

TEST(Source, sequence_and_timestamp_that_jump_are_smoothed) {
    Desk desk;
    const LegId a = desk.add(0), b = desk.add(1);
    desk.join(a, b);
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}); }));
    desk.phone(a).forget();
    for (int i = 0; i < 10; ++i) {
        desk.phone(b).sequence = static_cast<std::uint16_t>(desk.phone(b).sequence + 7000);
        desk.phone(b).timestamp += 900'000;
        desk.talk(2);
    }
    ASSERT_TRUE(desk.until([&] { return desk.phone(a).headers.size() >= 20; }));
    const auto& headers = desk.phone(a).headers;
    for (std::size_t i = 1; i < headers.size(); ++i) {
        EXPECT_EQ(sequence_distance(headers[i - 1].sequence, headers[i].sequence), 1);
        EXPECT_LT(headers[i].timestamp - headers[i - 1].timestamp, 4000U);
    }
}

TEST(Source, ipv6_serves_as_well) {
    config::Media settings = Desk::default_settings();
    settings.address = "::1";
    Desk desk(settings);
    desk.phones.push_back(std::make_unique<Phone>(A, Codec::pcma, "::1"));
    desk.phones.push_back(std::make_unique<Phone>(B, Codec::pcmu, "::1"));
    const LegId a{1}, b{2};
    for (const LegId leg : {a, b}) {
        ASSERT_TRUE(desk.engine->open(leg));
        desk.connect(leg);
    }
    desk.join(a, b);
    EXPECT_TRUE(desk.until([&] { return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A}); }));
}

TEST(Source, ipv4_phones_reach_an_engine_that_listens_everywhere) {
    config::Media settings = Desk::default_settings();
    settings.address = "::";
    Desk desk(settings);
    const LegId a = desk.add_unconnected(0), b = desk.add_unconnected(1);
    desk.connect(a);
    desk.connect(b);
    desk.join(a, b);
    const auto to = [&](LegId leg) { return config::Endpoint{"127.0.0.1", desk.port_of(leg).port}; };
    desk.phone(a).talking = desk.phone(b).talking = false;
    EXPECT_TRUE(desk.until([&] {
        desk.phone(a).send(to(a));
        desk.phone(b).send(to(b));
        return desk.phone(a).hears_only({B}) && desk.phone(b).hears_only({A});
    }));
}

}  // namespace
}  // namespace patchbay::media
