// The switch under random operations: phones that answer late, twice, never or cross, commands of all kinds.
// PATCHBAY_SIM_SEED and PATCHBAY_SIM_OPERATIONS (in all) choose another run.
#include <algorithm>
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "shrink.hpp"

namespace patchbay::simulation {
namespace {

// Each world is left after so many operations: a failing run is short enough to be shrunk quickly.
constexpr std::size_t operations_a_world = 2000;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* value = std::getenv(name);
    const auto number = value == nullptr ? std::nullopt : to_number(value);
    return number ? static_cast<std::uint64_t>(*number) : otherwise;
}

std::string report(std::uint64_t seed, std::size_t count, const Run& failed, const Operations& failing) {
    const auto shortest = shrink(failing);
    const auto again = run(shortest);
    return fmt::format(
        "PATCHBAY_SIM_SEED={} PATCHBAY_SIM_OPERATIONS={} fails: {}\nthe shortest replay ({} operations) "
        "fails: "
        "{}\n{}",
        seed, count, failed.breach.text(), shortest.size(), again.breach.text(), text(shortest));
}

TEST(Simulation, HoldsItsInvariantsUnderRandomOperations) {
    log::set_level(log::Level::error);
    const auto seed = setting("PATCHBAY_SIM_SEED", 20261121);
    std::size_t left = setting("PATCHBAY_SIM_OPERATIONS", 100'000);
    std::size_t events = 0, accepted = 0, all = 0;
    for (std::uint64_t world = seed; left > 0; ++world) {
        const auto count = std::min(left, operations_a_world);
        const auto operations = random_operations(world, count);
        const auto result = run(operations);
        ASSERT_FALSE(result.breach) << report(world, count, result, operations);
        events += result.events;
        accepted += result.accepted;
        all += count;
        left -= count;
    }
    RecordProperty("events", std::to_string(events));
    EXPECT_GT(events, all / 2) << "the run hardly does anything";
    EXPECT_GT(accepted, all / 20) << "nearly every command is refused";
}

TEST(Simulation, ReplaysTheSameFromTheSameSeed) {
    log::set_level(log::Level::error);
    const auto operations = random_operations(7, 500);
    EXPECT_EQ(run(operations).events, run(operations).events);
    EXPECT_EQ(text(operations), text(random_operations(7, 500)));
}

TEST(Simulation, FindsAFaultAndShrinksIt) {
    log::set_level(log::Level::error);
    const Prepare media_loses_closes = [](World& world) { world.ports().loses_closes = true; };
    const auto operations = random_operations(3, 500);
    ASSERT_TRUE(run(operations, media_loses_closes).breach);
    const auto shortest = shrink(operations, media_loses_closes);
    EXPECT_LE(shortest.size(), 3U) << text(shortest);
    EXPECT_TRUE(run(shortest, media_loses_closes).breach);
}

}  // namespace
}  // namespace patchbay::simulation
