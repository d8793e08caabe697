#include "journal/recovery.hpp"

#include <algorithm>
#include <map>

#include "base/log.hpp"
#include "call/cause.hpp"

namespace patchbay::journal {

Recovered recover(Journal& journal, Clock& clock) {
    const auto& open = journal.left_open();
    const auto last_alive = std::min(open.newest_at(), clock.now());
    // Ordered, so that the same crash always recovers in the same way.
    const std::map legs(open.legs().begin(), open.legs().end());
    std::map calls(open.calls().begin(), open.calls().end());
    std::map<CallRef, Time> last_end;
    for (const auto& [id, leg] : legs) {
        call::Event event;
        event.sequence = ++calls[leg.call].sequence;
        event.at = std::max(leg.started, last_alive);
        event.call = leg.call;
        event.leg = id;
        event.state = call::LegState::ended;
        event.body = call::LegEnded{call::causes::restarted};
        last_end[leg.call] = std::max(last_end[leg.call], event.at);
        journal.publish(std::move(event));
    }
    for (const auto& [ref, known] : calls) {
        call::Event event;
        event.sequence = known.sequence + 1;
        event.at = std::max(last_end[ref], last_alive);
        event.call = ref;
        event.body = call::CallEnded{call::causes::restarted};
        journal.publish(std::move(event));
    }
    if (!calls.empty())
        log::warning("journal", "closed {} legs of {} calls that were open at the crash", legs.size(),
                     calls.size());
    return {legs.size(), calls.size()};
}

}  // namespace patchbay::journal
