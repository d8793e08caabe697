#include "world.hpp"

#include <algorithm>

#include "call/cause.hpp"
#include "world_config.hpp"

namespace patchbay::simulation {

using namespace call;

World::World()
    : desk_(world_config(0), clock_, desk_timers_),
      switch_(world_config(0), {clock_, timers_, peers_, ports_, desk_checks_, &desk_}) {
    desk_.start(switch_);
    desk_checks_.listen(world_domain);
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
        default: {
            const auto config = world_config(operation.number);
            desk_.reload(config);
            return switch_.reload(config);
        }
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
    switch_.execute({{world_domain, "", ""}, List{}, "api"}, [&](const Result<Outcome>& all) {
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
    desk_checks_.send_home();
    pass(Seconds{10});
    const bool clean = switch_.calls() == 0 && switch_.legs() == 0 && timers_.size() == 0 &&
                       desk_timers_.size() == 0 && ports_.hears.empty() && peers_.alive.empty() &&
                       events_.live().empty() && events_.all_recorded();
    if (!clean) breach_.note("something is left when all calls are cleared");
}

}  // namespace patchbay::simulation
