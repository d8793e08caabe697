// What phones do in the world: call, ring, answer, hang up, send calls on.
#include <array>

#include "call/cause.hpp"
#include "world.hpp"
#include "world_config.hpp"

namespace patchbay::simulation {

using namespace call;

namespace {

// Legs; from here on a dialling phone hangs somebody up instead.
constexpr std::size_t crowded = 40;

constexpr std::array ends{causes::hung_up,   causes::busy,        causes::declined,
                          causes::cancelled, causes::unavailable, causes::connection_lost};

}  // namespace

void World::dial(const Operation& operation) {
    if (peers_.alive.size() >= crowded) return end(operation);
    Incoming incoming;
    incoming.domain = world_domain;
    incoming.to = number(operation.number);
    incoming.from.number = std::to_string(101 + operation.way % world_extensions);
    incoming.from.anonymous = operation.way % 64 == 0;
    if (operation.kind == Kind::dial_replacing) incoming.replaces = leg(operation.leg);
    if (operation.kind == Kind::dial_from_outside) {
        incoming.trunk = "provider";
        incoming.from.number = "+7913";
        incoming.to = "+738320" + std::to_string(operation.number % 4);
    }
    if (operation.way % 50 == 0) incoming.max_forwards = static_cast<int>(operation.leg % 3);
    const auto leg = switch_.new_leg();
    peers_.call_in(leg);
    switch_.incoming(leg, incoming);
}

void World::tell(const Operation& operation) {
    const auto id = leg(operation.leg);
    const auto peer = peers_.alive.find(id);
    const bool is_alive = peer != peers_.alive.end();
    switch (operation.kind) {
        case Kind::ringing:
            return switch_.ringing(id, operation.way % 4 == 0);
        case Kind::answered:
            if (is_alive && !peer->second.called_us) peer->second.answered = true;
            return switch_.answered(id);
        case Kind::hold_changed:
            return switch_.hold_changed(id, operation.way % 2 == 0);
        case Kind::media_lost:
            return switch_.media_lost(id);
        default:
            break;
    }
    switch_.dtmf(id, operation.way % 2 == 0 ? '5' : '#');
}

void World::end(const Operation& operation) {
    const auto id = leg(operation.leg);
    peers_.gone(id);
    switch_.ended(id, ends.at(operation.way % ends.size()));
    if (operation.way % 8 == 0) switch_.ended(id, causes::hung_up);
}

void World::redirect(const Operation& operation) {
    const auto id = leg(operation.leg);
    const auto peer = peers_.alive.find(id);
    const bool rings = peer != peers_.alive.end() && !peer->second.called_us && !peer->second.answered;
    if (rings) peers_.gone(id);
    switch_.redirected(id, number(operation.number));
}

void World::refer(const Operation& operation) {
    const auto id = leg(operation.leg);
    const auto replaces = operation.kind == Kind::refer_replacing ? leg(operation.way) : LegId{};
    const auto peer = peers_.alive.find(id);
    const bool was_referring = peer != peers_.alive.end() && peer->second.refers;
    if (peer != peers_.alive.end()) peer->second.refers = true;
    const bool accepted = switch_.refer(id, number(operation.number), replaces);
    const auto after = peers_.alive.find(id);
    if (!accepted && after != peers_.alive.end()) after->second.refers = was_referring;
    if (accepted) ++accepted_;
    // The transferor may hang up right after its 202.
    if (accepted && operation.way % 4 == 0 && peers_.alive.contains(id)) {
        peers_.gone(id);
        switch_.ended(id, causes::hung_up);
    }
}

}  // namespace patchbay::simulation
