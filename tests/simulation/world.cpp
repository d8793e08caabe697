#include "world.hpp"

#include <array>

#include "call/cause.hpp"

namespace patchbay::simulation {

using namespace call;

namespace {

constexpr int extensions = 12;
constexpr std::size_t crowded = 40;  ///< legs; from here on a dialling phone hangs somebody up instead
const std::string domain_name = "demo.local";

// One that rings all and sends on to the other, which hangs up whom it cannot serve.
void add_queues(config::Domain& domain) {
    config::Queue sales;
    sales.id = "sales";
    sales.number = "600";
    sales.strategy = "ring_all";
    sales.operators = {"op101", "op103", "op105"};
    sales.overflow = "601";
    sales.max_wait = Seconds{60};
    sales.length = 3;
    sales.wrap_up = Seconds{5};
    sales.on_missed = "none";
    config::Queue help;
    help.id = "help";
    help.number = "601";
    help.operators = {"op103", "op105", "op107", "op109"};
    help.numbers = {"102", "9123"};
    help.ring_time = Seconds{10};
    help.attempts = 5;
    help.max_wait = Seconds{120};
    help.callback_digit = "5";
    help.announce = "both";
    help.announce_every = Seconds{10};
    domain.queues = {sales, help};
}

config::ConfigPtr world_config() {
    auto config = std::make_shared<config::Config>();
    config::Domain domain;
    domain.name = domain_name;
    for (int i = 0; i < extensions; ++i) {
        const auto number = std::to_string(101 + i);
        domain.extensions.push_back({101 + i, number, "Extension " + number, "secret"});
        if (i % 2 == 0) domain.operators.push_back({"op" + number, "Op", "p", number, "sales", false});
    }
    add_queues(domain);
    config::Trunk trunk;
    trunk.name = "provider";
    trunk.inbound.numbers = {
        {"+7383200", "101"}, {"+7383201", "102"}, {"+7383202", "9555"}, {"+7383203", "600"}};
    trunk.outbound.push_back({"9", 1, ""});
    domain.trunks.push_back(trunk);
    config->domains.push_back(domain);
    config->calls.last_park_slot = config->calls.first_park_slot + 2;
    return config;
}

constexpr std::array ends{causes::hung_up,   causes::busy,        causes::declined,
                          causes::cancelled, causes::unavailable, causes::connection_lost};

}  // namespace

World::World()
    : desk_(world_config(), clock_, desk_timers_),
      switch_(world_config(), {clock_, timers_, peers_, ports_, desk_checks_, &desk_}) {
    desk_.start(switch_);
    desk_checks_.listen(domain_name);
}

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
        case 3:
            return choice % 32 < 16 ? "600" : "601";
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
        case Kind::desk:
            ask_desk(operation);
            break;
        default:
            command(operation);
            break;
    }
    desk_timers_.run_due();
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
        case Kind::enqueue:
            return Enqueue{id, repeat ? "sales" : "help"};
        case Kind::offer:
            return Offer{id, to, Seconds{15}};
        case Kind::announce:
            return Announce{id, {"queue.position", "number.1"}};
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

acd::Action World::desk_action(const Operation& operation) {
    const auto person = "op" + std::to_string(101 + operation.leg % extensions / 2 * 2);
    const auto queue = operation.number % 2 == 0 ? "sales" : "help";
    switch (operation.way % 16) {
        case 0:
            return acd::Logout{person};
        case 1:
            return acd::ForceLogout{person};
        case 2:
        case 3:
            return acd::Auxwork{person, "break"};
        case 4:
            return acd::Block{person, "late"};
        case 5:
            return acd::Unblock{person};
        case 6:
            return acd::Complete{person};
        case 7:
            return acd::JoinQueue{person, queue};
        case 8:
            return acd::LeaveQueue{person, queue};
        case 9:
            return acd::MoveToQueue{leg(operation.number), queue};
        case 10:
            return acd::RemoveFromQueue{leg(operation.number), number(operation.leg)};
        case 11:
        case 12:
            return acd::MakeAvailable{person};
        default:
            return acd::Login{person, operation.number % 4 == 0 ? number(operation.number) : "", false};
    }
}

void World::ask_desk(const Operation& operation) {
    int replies = 0;
    desk_.execute({domain_name, desk_action(operation), "ecss"}, [&](const Result<acd::Outcome>& result) {
        ++replies;
        if (result.ok()) ++accepted_;
    });
    if (replies != 1) breach_.note("a command to the desk has not one reply", std::to_string(replies));
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
            desk_.reload(world_config());
            return switch_.reload(world_config());
    }
}

void World::pass(Milliseconds time) {
    // In steps: what is due in between happens in its own time.
    const auto end = clock_.ticks() + time;
    for (;;) {
        timers_.run_due();
        desk_timers_.run_due();
        auto next = std::min(timers_.next().value_or(end), desk_timers_.next().value_or(end));
        if (next >= end) break;
        clock_.pass(next - clock_.ticks());
    }
    clock_.pass(end - clock_.ticks());
    timers_.run_due();
    desk_timers_.run_due();
}

void World::finish() {
    ports_.exhausted = false;
    for (int i = 0; i < 8; ++i) {
        pass(Seconds{130});
        check();
    }
    switch_.execute({{domain_name, "", ""}, List{}, "api"}, [&](const Result<Outcome>& all) {
        for (const auto& leg : all.value().legs) {
            const bool waits =
                leg.answered == Time{} || leg.state == LegState::parked || leg.state == LegState::queued;
            if (waits) breach_.note("a leg waits for ever", leg.id.text());
        }
    });
    switch_.clear_all(causes::shutdown);
    pass(Seconds{130});
    check();
    desk_checks_.check_quiet();
    const bool clean = switch_.calls() == 0 && switch_.legs() == 0 && timers_.size() == 0 &&
                       desk_timers_.size() == 0 && ports_.hears.empty() && peers_.alive.empty() &&
                       events_.live().empty();
    if (!clean) breach_.note("something is left when all calls are cleared");
}

}  // namespace patchbay::simulation
