#include "world.hpp"

#include <array>

#include "call/cause.hpp"

namespace patchbay::simulation {

using namespace call;

namespace {

constexpr int extensions = 12;
constexpr std::size_t crowded = 40;  ///< legs; from here on a dialling phone hangs somebody up instead
const std::string domain_name = "demo.local";

config::ConfigPtr world_config() {
    auto config = std::make_shared<config::Config>();
    config::Domain domain;
    domain.name = domain_name;
    for (int i = 0; i < extensions; ++i) {
        const auto number = std::to_string(101 + i);
        domain.extensions.push_back({101 + i, number, "Extension " + number, "secret"});
        if (i % 2 == 0) domain.operators.push_back({"op" + number, "Op", "p", number, "sales", false});
    }
    config::Trunk trunk;
    trunk.name = "provider";
    trunk.inbound.numbers = {{"+7383200", "101"}, {"+7383201", "102"}, {"+7383202", "9555"}};
    trunk.outbound.push_back({"9", 1, ""});
    domain.trunks.push_back(trunk);
    config->domains.push_back(domain);
    config->calls.last_park_slot = config->calls.first_park_slot + 2;
    return config;
}

constexpr std::array ends{causes::hung_up,   causes::busy,        causes::declined,
                          causes::cancelled, causes::unavailable, causes::connection_lost};

}  // namespace

World::World() : switch_(world_config(), {clock_, timers_, peers_, ports_, events_}) {}

// Mostly one that lives, now and then one that is stale.
LegId World::leg(std::uint32_t choice) const {
    const auto index = choice / 8;
    if (choice % 8 != 0 && !peers_.alive.empty()) {
        return std::next(peers_.alive.begin(), index % static_cast<std::uint32_t>(peers_.alive.size()))
            ->first;
    }
    if (peers_.all.empty()) return LegId{1};
    return peers_.all[index % peers_.all.size()];
}

std::string World::number(std::uint32_t choice) const {
    switch (choice % 16) {
        case 0:
            return "9123";
        case 1:
            return std::to_string(701 + choice / 16 % 3);
        case 2:
            return choice % 32 < 16 ? "nobody" : "";
        default:
            return std::to_string(101 + choice / 16 % extensions);
    }
}

void World::perform(const Operation& operation) {
    switch (operation.kind) {
        case Kind::dial:
        case Kind::dial_from_outside:
        case Kind::dial_replacing:
            dial(operation);
            break;
        case Kind::ended:
            end(operation);
            break;
        case Kind::redirected:
            redirect(operation);
            break;
        case Kind::refer:
        case Kind::refer_replacing:
            refer(operation);
            break;
        case Kind::ringing:
        case Kind::answered:
        case Kind::hold_changed:
        case Kind::digit:
        case Kind::media_lost:
            tell(operation);
            break;
        case Kind::pass_time:
        case Kind::registration:
        case Kind::ports:
        case Kind::reload:
            surroundings(operation);
            break;
        default:
            command(operation);
            break;
    }
    check();
}

void World::dial(const Operation& operation) {
    if (peers_.alive.size() >= crowded) return end(operation);
    Incoming incoming;
    incoming.domain = domain_name;
    incoming.to = number(operation.number);
    incoming.from.number = std::to_string(101 + operation.way % extensions);
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
    if (operation.way % 2 == 0) return switch_.dtmf(id, '5');
    switch_.dtmf_heard(id, '#');
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

Action World::action(const Operation& operation) {
    const auto id = leg(operation.leg);
    const auto to = number(operation.number);
    const bool repeat = operation.way % 2 == 0;
    switch (operation.kind) {
        case Kind::hold:
            return Hold{id, repeat};
        case Kind::retrieve:
            return Retrieve{id, repeat};
        case Kind::transfer:
            return Transfer{id, to};
        case Kind::join:
            return Join{id, leg(operation.number)};
        case Kind::attended_transfer:
            return AttendedTransfer{id, to};
        case Kind::supervise:
            return Supervise{id, to, static_cast<SuperviseMode>(operation.way % 3)};
        case Kind::park:
            return Park{id};
        case Kind::pickup:
            return Pickup{id, to};
        case Kind::clear:
            return Clear{id};
        case Kind::find:
            return Find{id};
        case Kind::seat:
            return Seat{"op" + number(operation.leg), to};
        case Kind::originate:
            return Originate{operation.way % 4 == 0 ? std::string() : number(operation.leg), to};
        case Kind::answer:
            return Answer{id};
        case Kind::refuse:
            return Refuse{id};
        case Kind::merge:
            return Merge{id, leg(operation.number)};
        case Kind::remove:
            return Remove{id, leg(operation.number)};
        case Kind::members:
            return Members{id};
        default:
            return List{};
    }
}

// Whole domain, one number or one operator, as the dialects ask.
Scope World::scope(const Operation& operation) const {
    Scope scope{domain_name, "", ""};
    if (operation.way % 16 == 1) scope.number = number(operation.way);
    if (operation.way % 16 == 2) scope.operator_id = "op" + number(operation.way);
    return scope;
}

void World::command(const Operation& operation) {
    constexpr std::array<std::string_view, 3> dialects{"ecss", "ringme", "api"};
    execute({scope(operation), action(operation), dialects.at(operation.way % 3)});
}

void World::execute(const Command& command) {
    int replies = 0;
    switch_.execute(command, [&](const Result<Outcome>& result) {
        ++replies;
        if (result.ok()) ++accepted_;
        if (!result.ok() && (result.error().code.empty() || result.error().text.empty())) {
            breach_.note("a refusal without code or text");
        }
    });
    if (replies != 1) breach_.note("a command has not one reply", std::to_string(replies));
}

void World::surroundings(const Operation& operation) {
    switch (operation.kind) {
        case Kind::pass_time:
            return pass(operation.way % 8 == 0 ? Seconds{40} : Milliseconds{operation.way % 3000});
        case Kind::registration: {
            const auto which = number(operation.number);
            if (peers_.unregistered.erase(which) == 0) peers_.unregistered.insert(which);
            return;
        }
        case Kind::ports:
            ports_.exhausted = operation.way % 4 == 0;
            return;
        default:
            return switch_.reload(world_config());
    }
}

void World::pass(Milliseconds time) {
    clock_.pass(time);
    timers_.run_due();
}

void World::finish() {
    ports_.exhausted = false;
    for (int i = 0; i < 8; ++i) {
        pass(Seconds{130});
        check();
    }
    switch_.execute({{domain_name, "", ""}, List{}, "api"}, [&](const Result<Outcome>& all) {
        for (const auto& leg : all.value().legs) {
            const bool waits = leg.answered == Time{} || leg.state == LegState::parked;
            if (waits) breach_.note("a leg waits for ever", leg.id.text());
        }
    });
    switch_.clear_all(causes::shutdown);
    check();
    const bool clean = switch_.calls() == 0 && switch_.legs() == 0 && timers_.size() == 0 &&
                       ports_.hears.empty() && peers_.alive.empty() && events_.live().empty();
    if (!clean) breach_.note("something is left when all calls are cleared");
}

}  // namespace patchbay::simulation
