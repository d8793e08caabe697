#include "acd/accounting.hpp"

#include <array>
#include <optional>

#include "acd/meters.hpp"

namespace patchbay::acd {
namespace {

// In the order of Handling.
template <typename Figures>
constexpr std::array figure_of{&Figures::talk, &Figures::held, &Figures::acw};

struct Stretch {
    Time from, to;

    template <typename Figures>
    void count(Statistics<Figures>& statistics, Milliseconds Figures::*figure) const {
        statistics.count_time(from, to, figure);
    }
    template <typename Record, typename Figures>
    void count(Record& record, Statistics<Figures>& statistics, Handling what) const {
        count(statistics, figure_of<Figures>.at(static_cast<std::size_t>(what)));
        record.meters->handled(what, to - from);
    }
};

std::optional<Handling> handling(const Engagement& engagement) {
    if (!engagement.is_answered) return std::nullopt;
    return engagement.is_held ? Handling::hold : Handling::talk;
}

std::optional<Handling> handling(const OperatorRecord& person) {
    if (person.told == OperatorState::acw) return Handling::acw;
    std::optional<Handling> found;
    for (const auto& engagement : person.engaged) {
        const auto what = handling(engagement);
        if (what == Handling::talk) return what;
        if (what) found = what;
    }
    return found;
}

void count_own(OperatorRecord& person, const Stretch& stretch) {
    auto& statistics = person.statistics;
    stretch.count(statistics, &OperatorFigures::at_work);
    if (person.told == OperatorState::available) stretch.count(statistics, &OperatorFigures::ready);
    if (person.told == OperatorState::auxwork) stretch.count(statistics, &OperatorFigures::aux);
    person.meters->spent(person.told, stretch.to - stretch.from);
    if (const auto what = handling(person)) stretch.count(person, statistics, *what);
}

}  // namespace

void count_time(OperatorRecord& person, Time from, Time to) {
    if (from >= to) return;
    const Stretch stretch{from, to};
    if (person.told != OperatorState::stopped) count_own(person, stretch);
    if (person.told == OperatorState::acw && person.finishing != nullptr) {
        stretch.count(*person.finishing, person.finishing->statistics, Handling::acw);
    }
    for (const auto& engagement : person.engaged) {
        const auto what = handling(engagement);
        if (what && engagement.queue != nullptr) {
            stretch.count(*engagement.queue, engagement.queue->statistics, *what);
        }
    }
}

}  // namespace patchbay::acd
