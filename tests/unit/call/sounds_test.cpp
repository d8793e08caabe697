// Whose sounds a call plays: the domain's music and ringing tone, and a queue's own music.
#include "stage.hpp"

namespace patchbay::call::test {
namespace {

struct Sounding : Stage {
    /// The domain with music of its own and queues 600, which has its own music, and 601.
    void SetUp() override {
        auto changed = std::make_shared<config::Config>(*config);
        auto& domain = changed->domains.front();
        domain.music = "jazz";
        domain.ringback = "us";
        for (const auto* number : {"600", "601"}) {
            auto& queue = domain.queues.emplace_back();
            queue.id = queue.number = number;
        }
        domain.queues[0].music = "waltz";
        sw.reload(changed);
    }
    const Sources jazz{Sound::named("jazz")}, waltz{Sound::named("waltz")};
};

TEST_F(Sounding, who_is_held_hears_the_domains_music) {
    const auto [a, b] = talk();
    done(Hold{b});
    EXPECT_EQ(hears(a), jazz);
}

TEST_F(Sounding, who_waits_hears_the_queues_music_and_hears_it_on_hold_too) {
    const auto a = dial("103", "600");
    EXPECT_EQ(hears(a), waltz);
    done(Offer{a, "102"});
    const auto b = last_rung();
    sw.answered(b);
    done(Hold{b});
    EXPECT_EQ(hears(a), waltz);
}

TEST_F(Sounding, a_queue_without_music_of_its_own_plays_the_domains) {
    const auto a = dial("103", "601");
    EXPECT_EQ(hears(a), jazz);
    done(Enqueue{a, "600"});
    EXPECT_EQ(hears(a), waltz);
    done(Enqueue{a, "601"});
    EXPECT_EQ(hears(a), jazz);
}

TEST_F(Sounding, an_announcement_is_not_cut_off_by_another_but_ends_with_the_wait_in_its_queue) {
    const auto a = dial("103", "600");
    done(Announce{a, {"hello"}});
    EXPECT_EQ(refused(Announce{a, {"queue.position"}}), "wrong_state");
    EXPECT_EQ(hears(a), (Sources{waltz[0], Announcement{{"hello"}, 1}}));
    done(Enqueue{a, "601"});
    EXPECT_EQ(hears(a), jazz);
    done(Announce{a, {"queue.position"}});
    sw.announcement_ended(a, 1);
    EXPECT_EQ(hears(a), (Sources{jazz[0], Announcement{{"queue.position"}, 2}})) << "that was the first one";
    sw.announcement_ended(a, 2);
    EXPECT_EQ(hears(a), jazz);
    done(Clear{a});
    expect_nothing_left();
}

TEST_F(Sounding, whoever_waits_off_hook_hears_the_domains_ringing_tone) {
    done(Originate{"101", "102"});
    const auto a = last_rung();
    sw.answered(a);
    sw.ringing(last_rung(), false);
    EXPECT_EQ(hears(a), Sources{Sound::named("ringback.us")});
}

TEST_F(Sounding, a_transferor_who_asks_hears_the_domains_ringing_tone) {
    const auto [a, b] = talk();
    done(AttendedTransfer{b, "103"});
    EXPECT_EQ(hears(b), Sources{Sound::named("ringback.us")});
}

}  // namespace
}  // namespace patchbay::call::test
