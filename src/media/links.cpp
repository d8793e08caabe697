#include "media/links.hpp"

#include <algorithm>

namespace patchbay::media {

namespace {

void forget(std::vector<LegAudio*>& legs, const LegAudio* leg) {
    std::erase(legs, leg);
}

void drop_sources(LegAudio& ear) {
    for (LegAudio* source : ear.sources) forget(source->listeners, &ear);
    ear.sources.clear();
}

}  // namespace

void set_sources(LegAudio& ear, const std::vector<call::Source>& sources, const Sounds& sounds,
                 std::uint64_t tick, const FindLeg& find) {
    drop_sources(ear);
    ear.player.set(sources, sounds, tick);
    for (const call::Source& source : sources) {
        const auto* id = std::get_if<LegId>(&source);
        LegAudio* leg = id == nullptr ? nullptr : find(*id);
        if (leg == nullptr || leg == &ear || std::ranges::count(ear.sources, leg) != 0) continue;
        ear.sources.push_back(leg);
        leg->listeners.push_back(&ear);
    }
}

void cut_links(LegAudio& leg) {
    drop_sources(leg);
    for (LegAudio* listener : leg.listeners) forget(listener->sources, &leg);
    leg.listeners.clear();
}

Mode wanted_mode(const LegAudio& ear) {
    if (ear.fax) return Mode::none;
    if (!ear.peer || !ear.peer->send || !ear.source.target()) return Mode::none;
    if (ear.security && !ear.security->ready()) return Mode::none;
    if (ear.sources.size() != 1 || !ear.player.empty()) return Mode::mix;
    const LegAudio& source = *ear.sources.front();
    const bool fits = !source.peer || can_relay(source.peer->format, ear.peer->format);
    const bool known = !source.noisy || ear.peer->format.comfort_noise;
    return fits && known && (!source.peer || source.peer->gain == 1) ? Mode::relay : Mode::mix;
}

}  // namespace patchbay::media
