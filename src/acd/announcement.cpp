#include "acd/announcement.hpp"

#include <algorithm>

#include "acd/line.hpp"
#include "acd/strategy.hpp"

namespace patchbay::acd {
namespace {

// Mean handling time of callers, as long as none was handled yet.
constexpr Milliseconds usual_handling{180'000};

// Takes the queue's calls, now or after the one under way.
bool can_serve(const OperatorRecord& person) {
    return person.logged_in && !person.on_break && !person.blocked;
}

std::int64_t serving(const WaitingCaller& caller, Time now) {
    const auto& queue = *caller.queue;
    const bool by_skill = queue.settings.strategy == "skills";
    const int level = by_skill ? required_level(queue.settings, now - caller.since) : 0;
    return std::ranges::count_if(
               queue.servers,
               [&](const Server& server) { return server.level >= level && can_serve(*server.who); }) +
           std::ranges::count_if(queue.numbers, [](const auto* number) { return can_serve(*number); });
}

using Names = std::vector<std::string>;

void append(Names& to, const Names& names) {
    to.insert(to.end(), names.begin(), names.end());
}

void add_position(Names& names, const WaitingCaller& caller, const config::SoundFiles& sounds) {
    const auto place = config::spoken_number(position_of(caller), sounds);
    if (place.empty()) return;
    names.emplace_back(config::announced::position);
    append(names, place);
}

void add_wait(Names& names, const WaitingCaller& caller, const config::SoundFiles& sounds, Time now) {
    const auto wait = expected_wait(caller, now);
    if (!wait) return;
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(*wait).count();
    const auto spoken = config::spoken_number(static_cast<std::size_t>(minutes), sounds);
    if (spoken.empty()) return;
    names.emplace_back(config::announced::wait);
    append(names, spoken);
    names.emplace_back(config::announced::minutes);
}

}  // namespace

std::optional<Milliseconds> expected_wait(const WaitingCaller& caller, Time now) {
    const auto servers = serving(caller, now);
    if (servers == 0) return std::nullopt;
    auto handling = caller.queue->statistics.total().mean_handling();
    if (handling == Milliseconds{0}) handling = usual_handling;
    return handling * static_cast<std::int64_t>(position_of(caller)) / servers;
}

std::vector<std::string> announcement_for(const WaitingCaller& caller, const config::SoundFiles& sounds,
                                          Time now) {
    const auto& what = caller.queue->settings.announce;
    Names names;
    if (what == "position" || what == "both") add_position(names, caller, sounds);
    if (what == "wait" || what == "both") add_wait(names, caller, sounds, now);
    return names;
}

}  // namespace patchbay::acd
