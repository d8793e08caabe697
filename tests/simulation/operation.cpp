#include "operation.hpp"

#include <array>
#include <random>

#include <fmt/format.h>

namespace patchbay::simulation {
namespace {

struct Weight {
    Kind kind;
    const char* name;
    unsigned weight;
};

constexpr std::array weights{Weight{Kind::dial, "dial", 14},
                             Weight{Kind::dial_from_outside, "dial_from_outside", 5},
                             Weight{Kind::dial_replacing, "dial_replacing", 2},
                             Weight{Kind::ringing, "ringing", 14},
                             Weight{Kind::answered, "answered", 24},
                             Weight{Kind::ended, "ended", 8},
                             Weight{Kind::redirected, "redirected", 2},
                             Weight{Kind::hold_changed, "hold_changed", 5},
                             Weight{Kind::refer, "refer", 3},
                             Weight{Kind::refer_replacing, "refer_replacing", 3},
                             Weight{Kind::digit, "digit", 2},
                             Weight{Kind::media_lost, "media_lost", 1},
                             Weight{Kind::hold, "hold", 6},
                             Weight{Kind::retrieve, "retrieve", 6},
                             Weight{Kind::transfer, "transfer", 8},
                             Weight{Kind::join, "join", 4},
                             Weight{Kind::attended_transfer, "attended_transfer", 8},
                             Weight{Kind::supervise, "supervise", 8},
                             Weight{Kind::park, "park", 4},
                             Weight{Kind::pickup, "pickup", 7},
                             Weight{Kind::clear, "clear", 3},
                             Weight{Kind::list, "list", 1},
                             Weight{Kind::find, "find", 1},
                             Weight{Kind::seat, "seat", 1},
                             Weight{Kind::originate, "originate", 8},
                             Weight{Kind::answer, "answer", 2},
                             Weight{Kind::refuse, "refuse", 3},
                             Weight{Kind::merge, "merge", 6},
                             Weight{Kind::remove, "remove", 4},
                             Weight{Kind::members, "members", 1},
                             Weight{Kind::pass_time, "pass_time", 6},
                             Weight{Kind::registration, "registration", 1},
                             Weight{Kind::ports, "ports", 1},
                             Weight{Kind::reload, "reload", 1},
                             Weight{Kind::desk, "desk", 10},
                             Weight{Kind::enqueue, "enqueue", 4},
                             Weight{Kind::offer, "offer", 3},
                             Weight{Kind::announce, "announce", 1}};

}  // namespace

Operations random_operations(std::uint64_t seed, std::size_t count) {
    std::mt19937_64 random(seed);
    unsigned total = 0;
    for (const auto& weight : weights) total += weight.weight;
    Operations operations(count);
    for (auto& operation : operations) {
        auto point = static_cast<unsigned>(random() % total);
        const auto* chosen = weights.data();
        while (point >= chosen->weight) point -= (chosen++)->weight;
        const auto draw = [&] { return static_cast<std::uint32_t>(random()); };
        operation = {chosen->kind, draw(), draw(), draw()};
    }
    // Each run has queues of its own from the beginning.
    if (!operations.empty()) operations.front().kind = Kind::reload;
    return operations;
}

std::string text(const Operations& operations) {
    std::string lines;
    for (const auto& operation : operations) {
        lines += fmt::format("  {} leg {} number {} way {}\n",
                             weights.at(static_cast<std::size_t>(operation.kind)).name, operation.leg,
                             operation.number, operation.way);
    }
    return lines;
}

}  // namespace patchbay::simulation
