#include "sip/location_file.hpp"

#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "manual_clock.hpp"

namespace patchbay::sip {
namespace {

const std::string bob = "101@demo.local";

class LocationFileTest : public testing::Test {
  protected:
    LocationFileTest()
        : folder(std::filesystem::temp_directory_path() /
                 ("patchbay-bindings-" + std::to_string(std::random_device{}()))) {
        std::filesystem::create_directories(folder);
        path = folder / "bindings";
    }
    ~LocationFileTest() override { std::filesystem::remove_all(folder); }

    void enrol(Location& location, int expires = 60) {
        Location::Update update;
        update.call_id = "c1";
        update.cseq = ++cseq;
        update.flow = {"tls", {"2001:db8::1", 40123}};
        update.user_agent = "Phone\t1.0";
        update.changes = {{"sip:101@10.0.0.1:5060;ob", "<urn:uuid:1>", 700, Seconds{expires}}};
        ASSERT_TRUE(location.apply(bob, update).ok());
    }

    ManualClock clock;
    Timers timers{clock};
    std::filesystem::path folder, path;
    std::uint32_t cseq = 0;
};

TEST_F(LocationFileTest, PhonesAreReachableRightAfterARestart) {
    Binding before;
    {
        Location location(clock, timers);
        const LocationFile file(location, timers, path);
        enrol(location);
        before = location.bindings(bob)[0];
    }
    Location location(clock, timers);
    const LocationFile file(location, timers, path);
    ASSERT_TRUE(location.reachable(bob));
    before.user_agent = "Phone 1.0";
    EXPECT_EQ(location.bindings(bob)[0], before);
    clock.advance(Seconds{60});
    timers.run_due();
    EXPECT_FALSE(location.reachable(bob));
}

TEST_F(LocationFileTest, ChangesReachTheDiskWithinSecondsAndNothingIsWrittenWithoutOne) {
    Location location(clock, timers);
    const LocationFile file(location, timers, path);
    clock.advance(Seconds{5});
    timers.run_due();
    EXPECT_FALSE(std::filesystem::exists(path));
    enrol(location);
    EXPECT_FALSE(std::filesystem::exists(path));
    clock.advance(Seconds{5});
    timers.run_due();
    EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(LocationFileTest, ARefreshWaitsAMinuteForTheDisk) {
    Location location(clock, timers);
    const LocationFile file(location, timers, path);
    const auto pass = [&](int seconds) {
        for (int i = 0; i < seconds; ++i) {
            clock.advance(Seconds{1});
            timers.run_due();
        }
    };
    enrol(location, 600);
    pass(5);
    std::filesystem::remove(path);
    enrol(location, 600);
    pass(55);
    EXPECT_FALSE(std::filesystem::exists(path));
    pass(5);
    EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(LocationFileTest, ABrokenFileCostsOnlyItsBrokenLines) {
    Binding binding;
    binding.contact = "sip:1@h";
    binding.expires = clock.now() + Seconds{30};
    std::ofstream(path) << "patchbay-bindings 1\nrubbish\n" << write_line(bob, binding) << "\n\t\t\n";
    Location location(clock, timers);
    { const LocationFile file(location, timers, path); }
    EXPECT_EQ(location.size(), 1u);

    std::ofstream(path) << "something else\n" << write_line("102@demo.local", binding) << "\n";
    const LocationFile file(location, timers, path);
    EXPECT_FALSE(location.reachable("102@demo.local"));
}

TEST_F(LocationFileTest, AFolderThatIsGoneIsNoFault) {
    Location location(clock, timers);
    LocationFile file(location, timers, folder / "gone" / "bindings");
    enrol(location);
    file.save();
    EXPECT_FALSE(std::filesystem::exists(folder / "gone"));
    std::filesystem::create_directories(folder / "gone");
    file.save();
    EXPECT_TRUE(std::filesystem::exists(folder / "gone" / "bindings"));
}

TEST(LocationLine, NumbersOutOfRangeAreRefused) {
    const std::string good = "a@d\tsip:1@h\t\tudp\t1.1.1.1\t5060\tc\t1\t1000\t99\tua";
    ASSERT_TRUE(read_line(good).ok());
    for (const std::string& bad : {std::string("a@d\tsip:1@h\t\tudp\t1.1.1.1\t70000\tc\t1\t1000\t99\tua"),
                                   std::string("a@d\tsip:1@h\t\tudp\t1.1.1.1\t5060\tc\t-1\t1000\t99\tua"),
                                   std::string("a@d\tsip:1@h\t\tudp\t1.1.1.1\t5060\tc\t1\t1001\t99\tua"),
                                   good + "\tmore", std::string()})
        EXPECT_FALSE(read_line(bad).ok()) << bad;
}

}  // namespace
}  // namespace patchbay::sip
