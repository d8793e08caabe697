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
    ear.sounds.clear();
}

}  // namespace

void set_sources(LegAudio& ear, const std::vector<call::Source>& sources, std::uint64_t tick,
                 const FindLeg& find) {
    const auto before = ear.sounds;
    drop_sources(ear);
    for (const call::Source& source : sources) {
        if (const auto* sound = std::get_if<call::Sound>(&source)) {
            const auto old = std::ranges::find(before, *sound, &PlayedSound::sound);
            ear.sounds.push_back(old != before.end() ? *old : PlayedSound{*sound, tick});
            continue;
        }
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
    if (!ear.peer || !ear.peer->send || !ear.source.target()) return Mode::none;
    if (ear.security && !ear.security->ready()) return Mode::none;
    if (ear.sources.size() == 1 && ear.sounds.empty()) return Mode::relay;
    return Mode::mix;
}

}  // namespace patchbay::media
