// What commands do in the world, to the switch and to the desk.
#include <array>

#include "world.hpp"
#include "world_config.hpp"

namespace patchbay::simulation {

using namespace call;

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
            return std::to_string(101 + choice / 16 % world_extensions);
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
    Scope scope{world_domain, "", ""};
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
    const auto person = "op" + std::to_string(101 + operation.leg % world_extensions / 2 * 2);
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
    desk_.execute({world_domain, desk_action(operation), "ecss"}, [&](const Result<acd::Outcome>& result) {
        ++replies;
        if (result.ok()) ++accepted_;
    });
    if (replies != 1) breach_.note("a command to the desk has not one reply", std::to_string(replies));
}

}  // namespace patchbay::simulation
